"""The central system's end of the wire: every frame is judged, kept, and answered as the test has said."""

import asyncio
import base64
import json
import threading
import time
from urllib.parse import quote

from answers import DROP, SILENCE, Answers, CallError, Delayed, Held, Raw
from protocol_rules import CALL, CALLERROR, CALLRESULT, Boot, Line, Strict, Violation
from ws_server import WsServer


class Message(dict):
    """The payload of a CALL from the charge point, with `action`, `id`, `at` (monotonic s), `connection`
    (from 1), and the `answer` that was sent, if any."""

    def __init__(self, frame, at, connection):
        super().__init__(frame[3])
        self.id, self.action = frame[1], frame[2]
        self.at, self.connection = at, connection
        self.answer = None
        self.taken = False


class ScriptedCsms(Answers):
    """Works in the server's thread; what it keeps is read under `_changed`."""

    def __init__(self, identity="upoint-e2e", path="", tls=None):
        super().__init__()
        self.identity = identity
        self.path = path
        self.request_path = None  # with which the charge point has to ask, if that is not `path` and the identity
        self.password = None
        self.strict = Strict()
        self.calls = []
        self.attempts = []  # when somebody asked to connect
        self.connections = 0
        self.pings = 0
        self.guards = []  # called at every wait; raise to end it
        self._violations = []
        self._trace = []
        self._boot = Boot()
        self._line = None
        self._answers = {}
        self._answering = 0  # CALLs whose answer is on its way to the connection
        self._later = set()  # tasks, which nobody else holds
        self._changed = threading.Condition(threading.RLock())
        self._began = time.monotonic()
        self.server = WsServer(self, tls)

    def report(self):
        """The last frames, for a test that has failed."""
        return "\n".join(self._trace[-120:])

    def on_request(self, request):
        """What is wrong with the request for a connection (OCPP-J 3.1, 6.2.2), or None."""
        with self._changed:
            self.attempts.append(time.monotonic())
            self._note("--", f"asked to connect, handshake: {self.server.handshake}")
            self._changed.notify_all()
        path = self.request_path or self.path + "/" + quote(self.identity, safe="")
        offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if request.path != path:
            return f"connects to {request.path} instead of {path} (OCPP-J 3.1.1)"
        if "ocpp1.6" not in offered:
            return f"offers the subprotocols {offered} (OCPP-J 3.1.2)"
        wanted = None
        if self.password is not None:
            wanted = "Basic " + base64.b64encode(self.identity.encode() + b":" + self.password).decode()
        given = request.headers.get("Authorization")
        return None if given == wanted else f"authenticates with {given} instead of {wanted} (OCPP-J 6.2.2)"

    def on_open(self):
        with self._changed:
            self._line = Line(self._boot)
            self.connections += 1
            self._line.number = self.connections
            self._note("--", f"connection {self.connections} is open")
            self._changed.notify_all()
            return self._line

    def on_close(self, line):
        with self._changed:
            if self._line is line:
                self._line = None
            self._note("--", "a connection has ended")
            self._changed.notify_all()

    def on_violation(self, text):
        with self._changed:
            self._note("!!", text)
            self._violations.append(text if isinstance(text, Violation) else Violation(text))
            self._changed.notify_all()

    def on_ping(self):
        with self._changed:
            self.pings += 1
            self._changed.notify_all()

    async def on_message(self, line, data):
        """Judge one frame; answer it if it is a CALL."""
        self._note("<-", data)
        now = time.monotonic()
        try:
            frame = self.strict.judge(line, data, now)
        except Violation as violation:
            self.on_violation(violation)
            return
        message = Message(frame, now, line.number) if frame[0] == CALL else None
        with self._changed:
            if message is None:
                self._answers[frame[1]] = frame[2] if frame[0] == CALLRESULT else CallError(*frame[2:])
                self._changed.notify_all()
                return
            self.calls.append(message)
            self._answering += 1
        try:
            await self._answer(line, message, self.answer_to(message))
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    async def _answer(self, line, message, answer):
        if self._line is not line:
            self._note("--", f"nobody to answer {message.action}")
        elif answer == SILENCE:
            self._note("--", f"no answer to {message.action}")
        elif answer == DROP:
            self.server.socket.transport.abort()
        elif isinstance(answer, Delayed | Held):
            self._later.add(asyncio.ensure_future(self._answer_later(line, message, answer)))
        else:
            await self._send_answer(line, message, answer)

    async def _answer_later(self, line, message, delayed):
        await delayed.over()
        await self._answer(line, message, delayed.answer)

    async def _send_answer(self, line, message, answer):
        if isinstance(answer, Raw):
            text = answer.text.replace("{id}", message.id)
        elif isinstance(answer, CallError):
            text = json.dumps([CALLERROR, message.id, answer.code, answer.description, answer.details])
        else:
            text = json.dumps([CALLRESULT, message.id, answer])
            if message.action == "BootNotification":
                line.boot.answered(answer, time.monotonic())
        line.answered(message.id)
        message.answer = answer
        self._note("->", text)
        await self.server.send(text)

    def _note(self, mark, data):
        data = data if isinstance(data, str) else repr(data)
        self._trace.append(f"{time.monotonic() - self._began:8.3f} {mark} {data[:400]}")
