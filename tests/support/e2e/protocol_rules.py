"""What a central system may demand of a charge point, frame by frame; anything else is a Violation."""

import json
import re

from ocpp_schemas import complaint

CALL, CALLRESULT, CALLERROR = 2, 3, 4
_SHAPES = {CALL: (int, str, str, dict), CALLRESULT: (int, str, dict), CALLERROR: (int, str, str, str, dict)}
ERROR_CODES = (
    "NotImplemented", "NotSupported", "InternalError", "ProtocolError", "SecurityError", "FormationViolation",
    "PropertyConstraintViolation", "OccurenceConstraintViolation", "TypeConstraintViolation", "GenericError",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SLACK_S = 0.3  # a clock starts when a frame is sent there and stops when it is read here


class Violation(AssertionError):
    """The charge point broke the specification."""


def require(condition, text, *values):
    if not condition:
        raise Violation(text % values)


def _no_duplicates(pairs):
    names = [name for name, _ in pairs]
    require(len(set(names)) == len(names), "a name stands twice in one JSON object: %s", names)
    return dict(pairs)


def _no_constant(text):
    raise Violation(f"{text} is not JSON")


def parse(data):
    """The list that a text message carries: well-formed JSON and one of the three shapes of OCPP-J 4.2."""
    require(isinstance(data, str), "a binary message: %r", data[:80])
    try:
        frame = json.loads(data, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        json.dumps(frame, ensure_ascii=False).encode()
    except ValueError as error:  # a lone surrogate is a UnicodeEncodeError, which is one too
        raise Violation(f"not JSON in UTF-8 (OCPP-J 4.1.2): {error}: {data[:200]}") from None
    require(isinstance(frame, list) and frame, "not a JSON list (OCPP-J 4.2): %s", data[:200])
    shape = _SHAPES.get(frame[0]) if type(frame[0]) is int else None
    require(shape, "no such message type (OCPP-J 4.1.3): %s", data[:200])
    require(tuple(map(type, frame)) == shape, "not the shape of its type (OCPP-J 4.2): %s", data[:200])
    length = len(frame[1])  # a CALLERROR has the id of the CALL, even if that is too long
    require(0 < length <= 36 or frame[0] == CALLERROR, "messageId of %d characters (OCPP-J 4.1.4)", length)
    return frame


class Line:
    """What is open on one connection: the charge point's CALL, and the answers it owes."""

    def __init__(self, boot):
        self.boot = boot
        self.number = 0  # of the connection
        self.open_id = None
        self.open_since = 0
        # messageId -> actions asked under it, None if a CALL is so broken that only a CALLERROR can answer
        self.owed = {}

    def answered(self, message_id):
        """The central system answers this CALL of the charge point."""
        if self.open_id == message_id:
            self.open_id = None


class Boot:
    """How far one start of the charge point has come with being registered (1.6 4.2)."""

    def __init__(self):
        self.status = None
        self.payload = None
        self.not_before = 0
        self.asked = {}  # messageId of a TriggerMessage -> the actions it asks for
        self.triggered = []  # actions that were promised, each as often as it may come

    def answered(self, payload, now):
        """The central system answers BootNotification with `payload`."""
        status = payload.get("status")
        if status in ("Accepted", "Pending", "Rejected"):
            self.status = status
            self.not_before = now + payload.get("interval", 0) - _SLACK_S
            del self.triggered[:]


class Strict:
    """Judges the frames of one charge point over all its connections. `message_timeout` is the MessageTimeout
    it runs with, where a test leaves a CALL unanswered; None: nothing ever times out. `answers_get_lost` where
    a test cuts connections at any moment: whether an answer has arrived, nobody can tell."""

    def __init__(self):
        self.message_timeout = None
        self.answers_get_lost = False
        self.connectors = None
        self._sent = {}

    def judge(self, line, data, now):
        """The frame in `data`; Violation."""
        frame = parse(data)
        if frame[0] == CALL:
            self._call(line, frame, now)
        else:
            self._answer(line, frame)
        return frame

    def _call(self, line, frame, now):
        _, message_id, action, payload = frame
        self._registered(line.boot, action, payload, now)
        if line.open_id is not None:
            waited = now - line.open_since
            require(
                self.message_timeout is not None and waited >= self.message_timeout - _SLACK_S,
                "%s sent %.1f s after %s, which is still open (OCPP-J 4.1.1)", action, waited, line.open_id,
            )  # fmt: skip
        line.open_id, line.open_since = message_id, now
        before = self._sent.setdefault(message_id, (action, payload))
        require(before == (action, payload), "messageId %s used twice (OCPP-J 4.1.4, J 3.1)", message_id)
        problem = complaint(action, payload)
        require(not problem, "%s", problem)
        self._meaning(action, payload)

    def _registered(self, boot, action, payload, now):
        if action in boot.triggered:
            boot.triggered.remove(action)
        elif action == "BootNotification":
            require(
                boot.status != "Accepted" or payload != boot.payload or self.answers_get_lost,
                "BootNotification although it was Accepted and nothing changed (OCPP-J 5.4)",
            )
            waited = now >= boot.not_before or self.answers_get_lost
            require(waited, "BootNotification before its interval is over (1.6 4.2)")
            boot.payload = payload
        else:
            require(boot.status == "Accepted", "%s while registration is %s (1.6 4.2)", action, boot.status)

    def _meaning(self, action, payload):
        """Rules that no schema holds."""
        connector = payload.get("connectorId")
        if connector is not None and self.connectors:
            lowest = 1 if action == "StartTransaction" else 0
            require(lowest <= connector <= self.connectors, "%s of connector %d (1.6 3.8)", action, connector)
        if action == "StatusNotification" and connector == 0:
            require(
                payload["status"] in ("Available", "Unavailable", "Faulted"),
                "connector 0 cannot be %s (1.6 4.9)", payload["status"],
            )  # fmt: skip
        for value in payload.get("meterValue", []) + payload.get("transactionData", []):
            require(value["sampledValue"], "a meterValue without sampledValue (1.6 7.33)")
            for sample in value["sampledValue"]:
                if sample.get("format", "Raw") == "Raw":
                    require(_NUMBER.fullmatch(sample["value"]), "%r is no number (1.6 7.43)", sample["value"])

    def _answer(self, line, frame):
        require(line.boot.status != "Rejected", "an answer although it is Rejected (1.6 4.2): %s", frame)
        require(line.owed.get(frame[1]), "an answer to %r, which nobody asked on this connection", frame[1])
        action = line.owed[frame[1]].pop(0)
        if frame[0] == CALLERROR:
            require(frame[2] in ERROR_CODES, "no such error code (OCPP-J 4.2.3): %s", frame[2])
        else:
            require(action, "CALLRESULT for a CALL that cannot be understood: %s", frame)
            problem = complaint(action, frame[2], response=True)
            require(not problem, "%s", problem)
            if action in ("TriggerMessage", "ExtendedTriggerMessage") and frame[2]["status"] == "Accepted":
                line.boot.triggered += line.boot.asked.pop(frame[1])
