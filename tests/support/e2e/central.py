"""The central system of the tests, as a test sees it: what it waits for and what it does, in plain calls."""

import contextlib
import json
import time
import uuid

from answers import CallError
from limits import patient
from protocol_rules import CALL, Boot
from scripted_csms import ScriptedCsms
from websockets.exceptions import ConnectionClosed


class Disconnected(AssertionError):
    """The connection ended before the answer came."""


class Csms(ScriptedCsms):
    """What the charge point breaks of the specification fails the test at its next wait. `server` has the
    connection itself; `password` is what the charge point has to authenticate itself with, if anything."""

    @property
    def url(self):
        return f"{self.server.scheme}://{self.server.host}:{self.server.port}{self.path}"

    @property
    def connected(self):
        return self._line is not None

    def check(self):
        """Raise what has gone wrong so far."""
        if self._violations:
            raise self._violations[0]
        for guard in self.guards:
            guard()

    def forgive(self):
        """Forget the violations so far."""
        with self._changed:
            self._violations.clear()

    def wait(self, what, condition, timeout=6):
        """The first true value of `condition()`; AssertionError "no `what`" if there is none. `timeout`: seconds that a
        quiet machine needs at most, see limits.py. What the charge point has sent by then has been answered, unless the
        test has the answer held back: so it knows of the answer when it is asked for its state."""
        limit = patient(timeout)
        deadline = time.monotonic() + limit
        with self._changed:
            while True:
                if self._violations:
                    raise self._violations[0]
                value = None if self._answering else condition()
                if value:
                    return value
                self.check()
                left = deadline - time.monotonic()
                assert left > 0, f"no {what} in {limit:g} s"
                self._changed.wait(min(left, 0.1))

    def expect(self, action, match=None, timeout=6, **fields):
        """The next CALL of `action` that no `expect` has returned yet, with these fields and for which
        match(payload) is true."""

        def find():
            for call in self.calls:
                if call.action == action and not call.taken and fields.items() <= call.items():
                    if match is None or match(call):
                        call.taken = True
                        return (call,)

        return self.wait(f"{action} {fields or ''}", find, timeout)[0]

    def expect_none(self, action=None, during=1):
        """No further `action` (no CALL at all if None) for `during` seconds."""
        seen = len(self.received(action))
        deadline = time.monotonic() + during
        with self._changed:
            while time.monotonic() < deadline:
                self.check()
                new = self.received(action)[seen:]
                assert not new, f"unexpected {new[0].action}: {dict(new[0])}"
                self._changed.wait(max(0, min(0.1, deadline - time.monotonic())))

    def expect_boot(self, connectors=1, timeout=6):
        """The BootNotification that was Accepted, after the first status of each connector (E 3.22)."""
        boot = self.expect("BootNotification", timeout=timeout)
        for connector in range(connectors + 1):
            self.expect("StatusNotification", connectorId=connector)
        return boot

    def received(self, action=None, **fields):
        """All CALLs of `action` with these fields so far, in order."""
        with self._changed:
            return [c for c in self.calls if action in (None, c.action) and fields.items() <= c.items()]

    def statuses(self, connector):
        """All statuses that the connector has reported, in order."""
        return [call["status"] for call in self.received("StatusNotification", connectorId=connector)]

    def wait_connected(self, count=1, timeout=6):
        """Until the `count`-th connection is open."""
        self.wait("connection", lambda: self.connected and self.connections >= count, timeout)

    def drop(self):
        """Cut the connection as if the central system had died; what it has sent before has arrived."""
        if not self.server.frozen:
            with contextlib.suppress(TimeoutError, AttributeError, ConnectionClosed):
                self.server.ping()
        self.server.drop()
        self.wait("end of the connection", lambda: not self.connected)

    def rebooted(self):
        """From the next connection on another start of the charge point speaks."""
        with self._changed:
            self._boot = Boot()

    def call(self, action, payload=None, timeout=6):
        """The payload of the answer to a CALL; CallError, Disconnected."""
        message_id = str(uuid.uuid4())
        text = json.dumps([CALL, message_id, action, {} if payload is None else payload], separators=(",", ":"))
        if action in ("TriggerMessage", "ExtendedTriggerMessage"):
            count = 1 if "connectorId" in payload else (self.strict.connectors or 1) + 1
            self._boot.asked[message_id] = [payload["requestedMessage"]] * count
        return self.exchange(text, message_id, action, timeout)

    def exchange(self, data, message_id, action=None, timeout=6):
        """Send `data` as `send` does and return the payload of what answers `message_id`; without `action`
        that can only be a CallError."""
        return self.await_answer(message_id, self.send(data, message_id, action), timeout)

    def await_answer(self, message_id, line, timeout=6):
        """The payload of what answers the CALL that `send` has sent on `line`; CallError, Disconnected."""

        def answered():
            if message_id in self._answers:
                return (self._answers.pop(message_id),)
            if self._line is not line:
                raise Disconnected("the connection ended before the answer came")

        answer = self.wait(f"answer to {message_id}", answered, timeout)[0]
        if isinstance(answer, CallError):
            raise answer
        return answer

    def send(self, data, message_id=None, action=None):
        """Send text (str), a binary message (bytes) or a fragmented one (list), and wait for nothing. An
        answer is a violation unless `message_id` announces it."""

        async def send():
            with self._changed:
                line = self._line
                if line is None:
                    raise Disconnected("no connection to send on")
                if message_id is not None:
                    line.owed.setdefault(message_id, []).append(action)
            self._note("->", data)
            await self.server.send(data)
            return line

        return self.server.run(send())

    def close(self):
        """Stop serving."""
        self.server.close()
