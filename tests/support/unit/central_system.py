"""The central system of the unit tests, and the time that passes at both ends, when it is asked to."""

import asyncio
import json
import time

import ocpp.clock
from ocpp.clock.iso8601 import days_to
from ocpp.errors import OcppError, Offline

_T0 = days_to(2026, 3, 1) * 86400  # when TIME is 0


class Time:
    """The time of board and clock; it stands still but for Site.run() and Site.wait()."""

    ms = 0

    def ticks_ms(self):
        return self.ms

    def ticks_diff(self, new, old):
        return time.ticks_diff(new, old)


TIME = Time()
ocpp.clock.time = TIME


def stamp(seconds):
    """The central system's time `seconds` after TIME was 0, ISO 8601."""
    return ocpp.clock.iso(_T0 + seconds)


def now():
    return stamp(TIME.ms // 1000)


class Central:
    """The central system and the link to it. `answers`: action -> payload, OcppError, None for silence, or a function
    of the payload that gives one of these. `got`: the (action, payload) that it was sent."""

    def __init__(self):
        self.connected = True
        self.net = self.on_tls = self.root = self.client = None
        self.paused = False
        self.rpc = self.on_up = self.closed = None
        self.got = []
        self.ids = []
        self.transactions = {}  # messageId of StartTransaction.req -> transactionId
        self._asked = 0
        self._replies = {}
        self.answers = self.usual()

    def as_link(self, csms, identity, keys):
        """Itself, made as a Link is."""
        self.csms, self.keys = csms, keys
        self.on_trial = self.told = None
        return self

    def usual(self):
        """Everything is accepted."""
        return {
            "BootNotification": lambda payload: {"status": "Accepted", "currentTime": now(), "interval": 3600},
            "Heartbeat": lambda payload: {"currentTime": now()},
            "Authorize": {"idTagInfo": {"status": "Accepted"}},
            "StartTransaction": lambda payload: self.started("Accepted"),
        }

    def started(self, status, **info):
        """StartTransaction.conf; a message that is sent again starts nothing new."""
        number = self.transactions.setdefault(self.ids[-1], len(self.transactions) + 101)
        info["status"] = status
        return {"transactionId": number, "idTagInfo": info}

    async def run(self):
        await asyncio.Event().wait()

    def watch(self):
        """The connection is never silent."""

    async def close(self, why="reboot"):
        self.closed = why

    async def send(self, text):
        if not self.connected:
            raise Offline
        if not isinstance(text, (str, bytes)):
            text = b"".join(text)
        message = json.loads(text)
        kind, identity, action = message[:3]
        if kind != 2:
            self._replies[identity] = action
            return
        payload = message[3]
        self.got.append((action, payload))
        self.ids.append(identity)
        answer = self.answers.get(action, {})
        if callable(answer):
            answer = answer(payload)
        if isinstance(answer, OcppError):
            self.rpc.receive(bytearray(json.dumps([4, identity, answer.code, str(answer), {}]).encode()))
        elif answer is not None:
            self.rpc.receive(bytearray(json.dumps([3, identity, answer]).encode()))

    async def ask(self, action, **payload):
        """Send a CALL; the payload of the answer, or the code of the error."""
        return await self.send_call(action, payload)

    async def send_call(self, action, payload):
        """As ask(), with whatever payload."""
        self._asked += 1
        identity = "ask-%d" % self._asked
        self.rpc.receive(bytearray(json.dumps([2, identity, action, payload]).encode()))
        for _ in range(5000):
            if identity in self._replies:
                break
            await asyncio.sleep_ms(1)
        return self._replies.pop(identity)

    def of(self, action):
        """The payloads of all `action` so far."""
        return [payload for name, payload in self.got if name == action]

    def lose(self):
        """The connection breaks."""
        self.connected = False
        self.rpc.connection_lost()

    def back(self):
        self.connected = True
        self.on_up()
