"""CALL, CALLRESULT and CALLERROR on one connection after another (OCPP-J 4): one open CALL in each direction."""

import asyncio
import binascii
import json
import os

from micropython import const

from ocpp import log
from ocpp.rpc import refusing
from ocpp.errors import Offline, OcppError
import memory

_CALL = const(2)
_WHOLE = const(4)  # elements of a CALL; one more when its answer is being sent
_RESERVE = const(512)  # bytes, for a refusal and its frame
_RETRY_MS = const(200)


def _answering():
    """The module, for a frame that waits must not keep it in a variable."""
    from ocpp.rpc import answering

    return answering


class Rpc:
    """`send(text)` gives a coroutine that sends a frame, or raises Offline; the link sets it to that of the open
    WebSocket. `serve(action, payload)` gives for each CALL of the peer a coroutine that returns the response's payload
    (a dict, or a list or a generator of pieces of its text if that is checked), or None to stay silent; both of them
    raise OcppError. With None the profiles of `engine` serve it. `schema` checks payloads in both directions.
    `timeout()` gives the seconds to wait for an answer."""

    def __init__(self, send, serve, schema, timeout, engine=None):
        self.send = send
        self.serve = serve
        self.engine = engine
        self.schema = schema
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._nonce = binascii.hexlify(os.urandom(8)).decode()
        self._count = 0
        self.open_id = None
        self.answered = asyncio.Event()
        self.answer = None
        self._unanswered = []  # actions of which the log says so, until there is an answer
        self.late_id = None  # the id of a CALL that was not answered in time and will be sent again
        self.late = None  # the answer to it that has come since
        self.waiting = []
        self.refusals = []  # frames
        self.noted = []  # defects of answers that are in the log already
        self.heard = False  # something has come on this connection
        self._reserve = bytearray(_RESERVE)
        self.last_call = None  # [messageId, action] of the peer's last CALL on this connection
        self._starved = None  # (the CALL in `waiting` that there was no memory to answer, whether more than once)
        self.arrived = asyncio.Event()

    async def call(self, action, payload, message_id=None):
        """The payload of the answer to a CALL; if that breaks its schema, what can be used of it. Raises CallError, or
        Offline after the time-out or a broken connection.

        `message_id` is given for a message that will be sent again after Offline; an answer that comes between two
        tries counts. Else it is new and unique over all connections and starts (4.1.4, J 3.1)."""
        async with self._lock:
            if self.late and self.late[1] == message_id:
                answer, self.late = self.late, None
            else:
                answer = await self._exchange(action, payload, message_id)
            from ocpp.rpc import receiving

            return receiving.content(self, action, answer)

    def new_id(self):
        """A messageId that was never used."""
        self._count += 1
        return "%s-%d" % (self._nonce, self._count)

    async def _exchange(self, action, payload, message_id):
        """The frame that answers a CALL, or None when the connection is lost; Offline."""
        identity = message_id or self.new_id()
        if self.late_id == identity:
            self.late_id = None
        try:
            frame = self._frame(identity, action, payload)
        except MemoryError:
            memory.unload()
            frame = self._frame(identity, action, payload)
        self.answered.clear()
        self.answer = None
        self.open_id = identity
        try:
            await self.send(frame)
            del frame
            await asyncio.wait_for(self.answered.wait(), self._timeout())
        except asyncio.TimeoutError:
            if action not in self._unanswered:
                self._unanswered.append(action)
                log.warning("%s was not answered in %d s", action, self._timeout())
            self.late_id = message_id
            raise Offline
        finally:
            self.open_id = None
        del self._unanswered[:]
        return self.answer

    def _frame(self, message_id, action, payload):
        self.schema.check(action, False, payload)
        return json.dumps([_CALL, message_id, action, payload], separators=(",", ":"))

    def connection_lost(self):
        """No answer will come on this connection any more; nor will the peer's CALLs be answered on the next."""
        self.answer = self.late_id = self.last_call = None
        self.answered.set()
        self.waiting.clear()
        self.refusals.clear()

    def receive(self, message, is_binary=False, loss=0):
        """Take one message, a bytearray, of which only the head is left if there was a `loss`. Ignore what cannot be
        answered, with a log line (4.1.3, 4.2.3); whatever goes wrong with it, others can follow."""
        self.heard = True
        try:
            from ocpp.rpc import receiving

            receiving.receive(self, message, is_binary, loss)
        except Exception as error:
            self.fail(message, error)

    def take_answer(self, message):
        """Give the CALLRESULT or CALLERROR `message` to the call() that waits for it; whether one does."""
        identity = message[1] if len(message) > 1 else None
        if identity is None:
            return False
        if identity == self.open_id:
            self.answer = message
            self.open_id = None
            self.answered.set()
            return True
        if identity == self.late_id:
            self.late = message
            self.late_id = None
            return True
        return False

    def fail(self, head, error):
        """Refuse the CALL that begins with `head` and could not be taken, for an `error` that nobody expected."""
        if isinstance(error, MemoryError):
            self._give_room()
        else:
            log.exception("message not taken", error)
        try:
            refusing.refuse(self, head, OcppError("InternalError", "%r" % error))
        except MemoryError:
            log.error("no memory to refuse a message")

    async def run(self):
        """Answer the peer's CALLs, one after the other, for ever."""
        while True:
            try:
                self._reserve = self._reserve or bytearray(_RESERVE)
                if self.refusals:
                    await self._send_refusal(self.refusals[0])
                elif self.waiting:
                    await self._answer(self.waiting[0])
                else:
                    self.arrived.clear()
                    await self.arrived.wait()
                    continue
            except Offline:
                log.warning("the connection is lost before the answer")
            except MemoryError:
                self._give_room()
                await asyncio.sleep_ms(_RETRY_MS)
            memory.look()

    async def _send_refusal(self, frame):
        """Send a refusal; it stays only when there was no memory for that, and run() comes again."""
        done = frame
        try:
            await self.send(frame)
        except MemoryError:
            done = None
            raise
        finally:
            if done in self.refusals:
                self.refusals.remove(done)

    async def _answer(self, message):
        """Send the answer to a CALL; when there was no memory for it, run() comes again: what only reads is done once
        more, then it is a refusal."""
        starved, self._starved = self._starved, None
        once, twice = starved is not None and starved[0] is message, starved and starved[1]
        try:
            if once and (twice or not _answering().may_repeat(message[2])):
                frame = refusing.refusal(message[1], OcppError("InternalError", "no memory to answer it"))
                refusing.tell("MemoryExhaustion", "RAM: no memory to answer " + message[2])
            else:
                frame = await self._result_frame(message)
            # A connection that was lost meanwhile has emptied the list: nobody waits for this answer.
            if frame is not None and message in self.waiting:
                message.append(True)  # the peer may have its answer, and use the messageId again, before this goes on
                await self.send(frame)
        except MemoryError as error:
            del message[_WHOLE:]
            log.warning("%s: %s", message[2], error)
            self._starved = message, once
            raise
        finally:
            if self._starved is None and message in self.waiting:
                self.waiting.remove(message)

    async def _result_frame(self, message):
        """The frame (text, or a list or a generator of bytes) that answers `message`, or None for silence. What it was
        made of is free when it leaves; and while the handler runs, nothing keeps answering.py in memory."""
        again = False
        while True:
            try:
                result = await _answering().begin(self, message)
                return _answering().frame(self, message, result)
            except Exception as error:
                frame = _answering().refused(message, error, again)
                if frame:
                    return frame
            again = True
            memory.unload()

    def _give_room(self):
        """Memory is short: make room for a refusal."""
        self._reserve = None
        memory.unload()
