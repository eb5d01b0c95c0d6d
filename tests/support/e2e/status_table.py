"""Sessions written down as 1.6 4.9 does: what happens | to which status it leads | which messages it brings.

    with ConnectionTimeOut=1
    plug            | A2 Preparing
    card TAG        | B4 SuspendedEV  | Authorize TAG, StartTransaction TAG
    unplug          | D1 Available    | StopTransaction EVDisconnected

A status carries the name of its transition in the table of 4.9, "=" where only the error has changed, "boot" or
"online" where the present status is reported whatever it was before; then the errorCode if it is not NoError, and in
parentheses the info. "2:" before it names the connector. The messages are all that the charge point sends of
Authorize (with the idTag), StartTransaction (idTag) and StopTransaction (reason). A request of the central system
ends with its answer: "RemoteStartTransaction TAG: Accepted".
"""

import re

from answers import Held

STATUSES = "Available Preparing Charging SuspendedEV SuspendedEVSE Finishing Reserved Unavailable Faulted".split()
# The table of 4.9 with B6 of E 3.20: from A, Available, one may come to 2, Preparing, 3, Charging, ...
TABLE = {"A": "2345789", "B": "134569", "C": "145689", "D": "135689", "E": "134689", "F": "1289", "G": "1289",
         "H": "123459", "I": "12345678"}  # fmt: skip
_TOLD = re.compile(r"(?:(\d): )?(=|boot|online|[A-I][1-9]) (\w+)(?: (\w+))?(?: \((.+)\))?")
_FIELDS = {"RemoteStartTransaction": ("idTag", "connectorId"), "RemoteStopTransaction": ("transactionId",),
           "Reset": ("type",)}  # fmt: skip
_MESSAGES = {"Authorize": "idTag", "StartTransaction": "idTag", "StopTransaction": "reason"}


def transition(before, after):
    """The name that 4.9 gives to this change of status; AssertionError when it is not in its table."""
    row, column = "ABCDEFGHI"[STATUSES.index(before)], str(STATUSES.index(after) + 1)
    assert column in TABLE[row], f"{before} to {after} is not in the table of 4.9"
    return row + column


def request(name, *values):
    """The payload of a request of the central system."""
    fields = _FIELDS.get(name, ("connectorId", "type"))
    return {field: int(value) if field.endswith("Id") else value for field, value in zip(fields, values, strict=False)}


class Stage:
    """A charge point on which a table is played; `told` by connector and `sent` are what the table has named so far."""

    def __init__(self, csms, firmware):
        self.csms, self.firmware = csms, firmware
        self.told, self.sent, self.cable_holder = {}, [], []

    def play(self, table):
        """Play all lines of `table`; after the last nothing more may have been reported or sent."""
        lines = [line.strip() for line in table.splitlines() if line.strip()]
        setting = [line[5:] for line in lines if line.startswith("with ")]
        self.start(" ".join(setting).split())
        for line in lines[len(setting) :]:
            action, told, messages = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
            self.expect(line, told, messages)
            self.act(action)
            self.follow(line)
        for number in list(self.told)[1:]:
            self.firmware.wait_status(number, self.told[number][-1][0])
        self.follow("the end")

    def start(self, setting):
        """Boot with what stands after `with`: configuration keys, "two" connectors, a "tethered" cable."""
        count = 2 if "two" in setting else 1
        cable = "tethered" if "tethered" in setting else "socket"
        self.firmware.config["connectors"] = [{"phases": 3, "max_current": 32, "cable": cable}] * count
        self.firmware.start(ocpp=dict(word.split("=") for word in setting if "=" in word))
        self.csms.expect_boot(count)
        self.told = {number: [("Available", "NoError", None)] for number in range(count + 1)}

    def expect(self, line, told, messages):
        """Add what the line says will be reported and sent."""
        for text in filter(None, told.split(", ")):
            match = _TOLD.fullmatch(text)
            assert match, f"{text!r} in {line!r}"
            number, name, status, error, info = match.groups()
            before = self.told[int(number or 1)]
            if name[0] in "=ABCDEFGHI":
                assert name == ("=" if status == before[-1][0] else transition(before[-1][0], status)), line
            before.append((status, error or "NoError", info))
        self.sent += [tuple(message.split()) for message in filter(None, messages.split(", "))]

    def follow(self, line):
        """Wait for what is expected; nothing else may come with it."""

        def seen():
            told = {number: [] for number in self.told}
            for call in self.csms.received("StatusNotification"):
                told[call["connectorId"]].append((call["status"], call["errorCode"], call.get("info")))
            calls = [call for call in self.csms.received() if call.action in _MESSAGES]
            return told, [(call.action, call[_MESSAGES[call.action]]) for call in calls]

        def enough():
            told, sent = seen()
            return len(sent) >= len(self.sent) and all(len(told[n]) >= len(self.told[n]) for n in told)

        try:
            self.csms.wait("", enough)
        finally:
            assert (line, *seen()) == (line, self.told, self.sent)

    def act(self, action):
        """Do what the line says happens."""
        words, _, answer = action.partition(": ")
        name, *values = words.split()
        if name == "Reset":
            self.firmware.expect_exit()
        if answer:
            assert self.csms.call(name, request(name, *values)) == {"status": answer}, action
        else:
            getattr(self, name)(*values)

    # What happens at the charge point

    def plug(self, number=1):
        self.firmware.plug(int(number))
        self.firmware.wait_for("car", lambda state: state["state"][0] == "B", int(number))

    def unplug(self, number=1):
        self.firmware.unplug(int(number))
        self.firmware.wait_for("empty connector", lambda state: state["state"] == "A", int(number))

    def ev(self, state, number=1):
        self.firmware.ev(state, int(number))
        if state == "B":  # which nobody may tell, and which must have been seen before the next line
            self.firmware.wait_for("state B", lambda shown: shown["state"][0] in "BE", int(number))

    def card(self, id_tag, number=None):
        self.firmware.rfid(id_tag, number and int(number))

    def fault(self, code, number=1):
        # What breaks during the self-test is another fault.
        self.firmware.wait_for("self-test", lambda state: state["post"], int(number))
        self.firmware.fault(None if code == "none" else code, int(number))

    def restarted(self):
        """Its process has ended by itself, as a reset asks for, and is started again, without cars."""
        assert self.firmware.wait_exit() == 75
        self.firmware.start()

    def power_cut(self):
        """And it is back, without cars."""
        self.firmware.restart()

    def until(self, status):
        """Wait where the central system cannot be informed yet."""
        self.firmware.wait_status(1, status)

    # What happens at the central system

    def refuse(self, action, status):
        """Answer the next `action` with this status; a StartTransaction not before `judge`, and nothing else can be
        reported before it is answered (OCPP-J 4.1.1)."""
        answer = {"idTagInfo": {"status": status}}
        if action == "StartTransaction":
            answer = Held({"transactionId": 1, **answer})
            self.cable_holder.append(answer)
        self.csms.once(action, answer)

    def judge(self):
        self.cable_holder.pop(0).release()

    def offline(self):
        self.csms.server.stop_listening()
        self.csms.drop()
        self.firmware.wait("end of the connection", lambda: not self.firmware.status()["csms"]["connected"])

    def online(self):
        self.csms.server.listen()
        self.firmware.wait("connection", lambda: self.csms.connected)
