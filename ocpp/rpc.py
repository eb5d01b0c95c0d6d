"""CALL, CALLRESULT and CALLERROR on one connection after another (OCPP-J 4): one open CALL in each direction."""

import asyncio
import binascii
import json
import os

from micropython import const

from . import log
from .errors import Offline, OcppError
from .on_demand import drop, load

_CALL, _RESULT, _ERROR = const(2), const(3), const(4)
_MAX_ID = const(36)
_MAX_WAITING = const(4)
_REFUSALS = "ocpp.refusals"


class CallError(Exception):
    """The peer answered with CALLERROR, or with a payload that is no answer; args: code, description."""


class Rpc:
    """`send(text)` gives a coroutine that hands a frame to the link. `serve(action, payload)` gives for each CALL of
    the peer a coroutine that returns the response's payload (a dict, or a list of pieces of its text if that is
    checked), or None to stay silent; both of them raise OcppError. `check(action, response, payload)` judges payloads
    in both directions. `timeout()` gives the seconds to wait for an answer."""

    def __init__(self, send, serve, check, timeout):
        self._send = send
        self._serve = serve
        self._check = check
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._nonce = binascii.hexlify(os.urandom(8)).decode()
        self._count = 0
        self._open_id = None
        self._answered = asyncio.Event()
        self._answer = None
        self._waiting = []
        self._refusals = []  # frames
        self._arrived = asyncio.Event()

    async def call(self, action, payload, message_id=None):
        """The payload of the answer to a CALL. Raises CallError, or Offline after the time-out or a broken connection.

        `message_id` is given for a message that may be sent again; else it is new and unique over all connections and
        starts (4.1.4, J 3.1)."""
        async with self._lock:
            if message_id is None:
                self._count += 1
                message_id = "%s-%d" % (self._nonce, self._count)
            try:
                frame = self._frame(message_id, action, payload)
            except MemoryError:
                drop(True)
                frame = self._frame(message_id, action, payload)
            self._answered.clear()
            self._answer = None
            self._open_id = message_id
            try:
                await self._send(frame)
                del frame
                await asyncio.wait_for(self._answered.wait(), self._timeout())
            except asyncio.TimeoutError:
                log.warning("%s was not answered in %d s", action, self._timeout())
                raise Offline
            finally:
                self._open_id = None
            return self._judge(action)

    def _frame(self, message_id, action, payload):
        self._check(action, False, payload)
        return json.dumps([_CALL, message_id, action, payload], separators=(",", ":"))

    def _judge(self, action):
        answer = self._answer
        if answer is None:
            raise Offline
        if answer[0] == _ERROR:
            raise CallError(*[str(part) for part in (answer[2:4] + ["", ""])[:2]])
        try:
            self._check(action, True, answer[2])
        except OcppError as error:
            raise CallError(error.code, "answer to %s: %s" % (action, error))
        return answer[2]

    def connection_lost(self):
        """No answer will come on this connection any more; nor will the peer's CALLs be answered on the next."""
        self._answer = None
        self._answered.set()
        self._waiting.clear()
        self._refusals.clear()

    def receive(self, buffer):
        """Take one frame, a bytearray. What cannot be answered is ignored with a log line (4.1.3, 4.2.3)."""
        try:
            message = load("ocpp.jsonscan").loads(buffer)
        except OcppError as error:
            self.refuse(buffer, error)
            return
        kind = message[0] if isinstance(message, list) and message else None
        if kind == _CALL and len(message) >= 2 and isinstance(message[1], str):
            self._take_call(message)
        elif kind in (_RESULT, _ERROR) and len(message) >= 3 and message[1] == self._open_id:
            self._answer = message
            self._open_id = None
            self._answered.set()
        else:
            log.warning("message ignored: type %s, id %s", kind, message[1] if kind and len(message) > 1 else None)

    def _take_call(self, message):
        error = load(_REFUSALS).fault(message, self._waiting) if self._is_odd(message) else None
        if error:
            self._refuse(message[1][:_MAX_ID], error)
        else:
            self._waiting.append(message)
            self._arrived.set()

    def _is_odd(self, message):
        return self._waiting or len(message[1]) > _MAX_ID or len(message) != 4 or not isinstance(message[2], str)

    def refuse(self, head, error):
        """Answer a frame that cannot be read with `error`, if its first bytes tell which CALL it was."""
        identity = load(_REFUSALS).message_id(head)
        if identity is None:
            log.warning("frame ignored: %s", error)
        else:
            self._refuse(identity, error)

    def _refuse(self, identity, error):
        """Let run() send a CALLERROR; of a flood the most go unanswered."""
        if len(self._refusals) < _MAX_WAITING:
            self._refusals.append(load(_REFUSALS).refusal(identity, error))
            self._arrived.set()

    async def run(self):
        """Answer the peer's CALLs, one after the other, for ever."""
        while True:
            message = frame = None
            try:
                if self._refusals:
                    await self._send(self._refusals.pop(0))
                    continue
                if not self._waiting:
                    self._arrived.clear()
                    await self._arrived.wait()
                    continue
                message = self._waiting[0]
                frame = await load("ocpp.answers").answer(self._serve, self._check, message)
                # A connection that was lost meanwhile has emptied the list: nobody waits for this answer.
                if frame is not None and message in self._waiting:
                    await self._send(frame)
            except Offline:
                log.warning("the connection is lost before the answer")
            finally:
                if message in self._waiting:
                    self._waiting.remove(message)
            drop()
