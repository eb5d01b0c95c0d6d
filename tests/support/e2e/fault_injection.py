"""A charge point in a world where everything fails: killed at any moment, the network cut, the central system late,
unwilling, or silent. What happens is drawn from a seed; when exactly the firmware does what, is not."""

import random
import time
from collections import Counter

from answers import DROP, SILENCE, CallError, Delayed
from billing_ledger import RANGE, START, STOP, VALUES, Ledger

TIMEOUT_S = 1  # MessageTimeout
KEYS = {
    "MessageTimeout": str(TIMEOUT_S),
    "TransactionMessageRetryInterval": "0",
    "WebSocketPingInterval": "1",
    "MeterValueSampleInterval": "1",
    "AllowOfflineTxForUnknownId": "true",
}
NEVER, FEW = 1000, 2  # TransactionMessageAttempts with which nothing is given up, and with which some is
SLICE_S = 0.2
CALM_S = 40
ROUNDS = 10  # for each session, at most


class FaultInjection:
    """One charge point lives through at least `sessions` sessions, in rounds of one at each connector. The seed also
    tells how many connectors there are, whether transactionData is asked for, and whether messages are given up after
    a few CALLERRORs; eight seeds in a row have all of that. `counts` tells what was done to it; `ledger` is there when
    it is over."""

    def __init__(self, csms, firmware, seed, sessions):
        self.csms, self.firmware, self.seed, self.sessions = csms, firmware, seed, sessions
        self.connectors = 1 if seed % 8 == 1 else 2
        self.attempts = FEW if seed % 8 == 4 else NEVER
        self.counts = Counter()
        self.ledger = None
        self.seen = set()  # idTags whose transaction was seen at a connector
        self._keys = KEYS | {"TransactionMessageAttempts": str(self.attempts)}
        if seed % 2:
            self._keys["StopTxnSampledData"] = "Energy.Active.Import.Register"
        self._random = random.Random(seed)
        self._moods = random.Random(f"{seed} answers")
        self._rough = self._refusing = False
        self._cards, self._events = {}, []  # connector -> idTag of its session; (when, action, arguments)
        csms.strict.message_timeout = TIMEOUT_S / 2
        csms.strict.answers_get_lost = True
        csms.interval = 3
        for action in ("BootNotification", "Authorize", "StatusNotification", "Heartbeat", START, VALUES, STOP):
            csms.on(action, self._answer)

    def run(self):
        """Live; AssertionError when something bad has come of it."""
        web = {"password": "seen-by-the-test"}  # without it no status shows an idTag
        self._start(ocpp=self._keys, csms={"backoff_s": [1, 1]}, connectors=self.connectors, web=web)
        for _ in range(ROUNDS * self.sessions):
            if len(self.seen) >= self.sessions:
                break
            self._round()
        assert len(self.seen) >= self.sessions, f"{len(self.seen)} sessions were seen in many rounds"
        self._calm_down()
        return self

    # What happens

    def _round(self):
        """One session at each connector, disturbed."""
        draw = self._random
        self._rough = draw.random() < 0.8
        now = time.monotonic()
        for number in range(1, self.connectors + 1):
            begin = now + draw.uniform(0, 1.5)
            end = begin + draw.choice([draw.uniform(0, 1), draw.uniform(1, 5)])
            self._plan(begin, self._begin, number, "S%d" % (self.counts["cards"] + 1))
            self.counts["cards"] += 1
            self._plan(end, self._end, number, draw.random() < 0.7)
        self._plan_disturbances(now)
        while self._events:
            self._events.sort(key=lambda event: event[0])
            self._pass(until=self._events[0][0])
            _, action, arguments = self._events.pop(0)
            action(*arguments)
        self._clear()

    def _plan(self, at, action, *arguments):
        self._events.append((at, action, arguments))

    def _plan_disturbances(self, now):
        """Up to two kills, many of them soon after something has happened; up to two failures of the network."""
        draw = self._random
        for _ in range(draw.choice([0, 1, 1, 2])):
            after = draw.choice([event[0] for event in self._events])
            self._plan(draw.choice([after + draw.uniform(0, 0.3), now + draw.uniform(0, 6)]), self._kill)
        for _ in range(draw.choice([0, 1, 1, 2])):
            at = now + draw.uniform(0, 5)
            self._plan(at, self._cut, draw.choice(["refuse", "refuse", "freeze", "hang", 503, "drop", "drop"]))
            self._plan(at + draw.uniform(0.2, 4), self._restore)

    def _pass(self, until):
        """Let time pass; what is seen meanwhile counts."""
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, SLICE_S))
            if left > SLICE_S:
                self._look()

    def _look(self):
        """The state of the connectors; whose transaction is seen there has to be billed."""
        self.csms.check()
        connectors = self.firmware.status()["connectors"]
        self.seen.update(connector["idTag"] for connector in connectors if connector["idTag"])
        for connector in connectors:
            assert connector["idTag"] or not connector["contactor"], f"energy for nobody: {connector}"
        return connectors

    # Drivers

    def _begin(self, number, card):
        self._cards[number] = card
        self.firmware.plug(number)
        self.firmware.ev("C", number)
        self.firmware.rfid(card, number)

    def _end(self, number, by_card):
        if by_card:
            self.firmware.rfid(self._cards[number], number)
        else:
            self.firmware.unplug(number)

    # Power

    def _kill(self):
        """SIGKILL; the cars come again within the 10 s in which a transaction is resumed, or not."""
        draw = self._random
        self.firmware.kill()
        self.counts["kills"] += 1
        time.sleep(draw.choice([0, draw.uniform(0, 2)]))
        while draw.random() < 0.2:
            self._start(wait=False)
            time.sleep(draw.uniform(0, 0.6))
            self.firmware.kill()
            self.counts["kills"] += 1
        self._start()
        for number in self._cards:
            if draw.random() < 0.6:
                self._plan(time.monotonic() + draw.uniform(0, 3), self._come_back, number)

    def _come_back(self, number):
        self.firmware.plug(number)
        self.firmware.ev("C", number)

    def _start(self, wait=True, **sections):
        self.firmware.start(wait=wait, **sections)
        if wait:  # a register that no message has reported yet may start again at 0
            for connector in self.firmware.status()["connectors"]:
                if connector["energy_wh"] < connector["id"] * RANGE:
                    self.firmware.meter(connector["id"] * RANGE, connector["id"])

    # The network

    def _cut(self, how):
        server = self.csms.server
        self.counts["cuts"] += 1
        if how == "freeze":
            server.freeze()
            return
        if how == "refuse":
            server.stop_listening()
            self._refusing = True
        elif how != "drop":
            server.handshake = how
        server.drop()

    def _restore(self):
        server = self.csms.server
        server.handshake = "accept"
        server.drop()
        if self._refusing:
            server.listen()
            self._refusing = False

    # The central system

    def _answer(self, message):
        """The usual answer, or one time in four something else."""
        usual = self.csms.usual(message)
        if not self._rough or self._moods.random() < 0.75:
            return usual
        error = CallError("InternalError", "not now")
        if message.action == "BootNotification":  # which is not asked for again for half a minute
            error = usual
        answers = {
            "late": [Delayed(self._moods.uniform(0.05, 0.6), usual), Delayed(self._moods.uniform(1.1, 2.5), usual)],
            "errors": [error, error, Delayed(self._moods.uniform(0.1, 2), error)],
            "silences": [SILENCE],
            "drops": [DROP],
        }
        often = 2 if self.attempts == NEVER else 10
        mood = self._moods.choice(["late", "silences", "drops"] + often * ["errors"])
        self.counts[mood] += 1
        return self._moods.choice(answers[mood])

    # The end

    def _clear(self):
        """The round is over: the cars go, and with them their transactions."""
        for number in self._cards:
            if self._random.random() < 0.7:  # or else the transaction ends by itself, if a restart has found it
                self.firmware.plug(number)
                self.firmware.wait_for("car", lambda state: state["state"] != "A", number)
            self.firmware.unplug(number)
        self._wait("end of all transactions", lambda: not any(c["idTag"] or c["contactor"] for c in self._look()))
        self._wait("free connectors", lambda: all(c["state"] == "A" for c in self._look()))
        self._cards.clear()

    def _wait(self, what, condition, timeout=CALM_S):
        self.firmware.wait(what, condition, timeout)

    def _calm_down(self):
        """Everything works again: the rest is reported, and after another start nothing of it again."""
        self._rough = False
        self._restore()
        self._wait("empty queue", self._told)
        told = len(self.csms.calls)
        self.firmware.kill()
        self._start()
        self._wait("acceptance", lambda: self.firmware.status()["csms"]["registration"] == "Accepted")
        self._wait("empty queue", self._told)
        self.ledger = Ledger(self.csms, self.connectors, TIMEOUT_S, self.attempts)
        again = [call for call in self.csms.calls[told:] if call.action in (START, VALUES, STOP)]
        faults = self.ledger.faults + [f"after the end: {dict(message)}" for message in again]
        started = [session.start["idTag"] for session in self.ledger.sessions]
        faults += [f"lost: {card}" for card in sorted(self.seen.difference(started))]
        faults += [f"started twice: {card}" for card, count in Counter(started).items() if count > 1]
        assert not faults, "\n".join(faults)

    def _told(self):
        csms = self.firmware.status()["csms"]
        return csms["connected"] and not csms["queued"]
