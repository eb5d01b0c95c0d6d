"""What must reach the central system: transaction messages, on flash before they are sent, in order over all
connectors, until confirmed (1.6 3.7).

A record is [number, era, transaction, kind, body]. `transaction` is the charge point's own number of it; the central
system's transactionId is filled in when the message leaves. `era` is not 0 when the time stamps in `body` were taken
before the clock was set: the era's correction is kept with the head and added when the message leaves.
The head (next number, transactionIds, corrections, failures) is one record of the store, so a confirmation and what
it brought are on flash together or not at all.
"""

import asyncio
import binascii
import os

from . import log
from .journal import Journal
from .errors import Offline
from .rpc import CallError

_RECORD = "outbox"
START, VALUES, STOP = "S", "M", "E"  # the kinds of messages; STOP is the last of its transaction
_MOST_BYTES = 400000
_ERAS = 8  # corrections that are kept
NO_ID = -1  # the transactionId of a transaction that never got one (E 3.18)


class Outbox:
    def __init__(self, store, clock, keys):
        """`render(kind, transaction, body, correction, transaction_id)` -> (action, payload) and
        `confirmed(transaction, kind, body, response)` are set by the profile that owns the messages."""
        self._store = store
        self._clock = clock
        self._keys = keys
        self._head = store.load(_RECORD) or self._new_head()
        self._era = self._head["era"] + 1
        self._journal = Journal(store, self._head["next"])
        self._more = asyncio.Event()
        self.dropped = 0  # meter values for which there was no room
        self.render = None
        self.confirmed = None

    def _new_head(self):
        nonce = binascii.hexlify(os.urandom(6)).decode()
        head = {"nonce": nonce, "next": 1, "era": 0, "shift": {}, "ids": {}, "failures": 0}
        self._store.save(_RECORD, head)  # a message that is sent again after a power cut has the same messageId
        return head

    def _save(self):
        self._store.save(_RECORD, self._head)

    @property
    def queued(self):
        """Messages that are not confirmed yet."""
        return self._journal.count

    @property
    def next_number(self):
        """The number that the next message will get; with it the owner of a record finds out whether it was added."""
        return self._journal.next

    def add(self, transaction, kind, body, era=None):
        """Put a message on flash and in the queue; `era` when its time stamps are older than this start.

        When flash is nearly full meter values stay out, with a log line; a start or a stop never does."""
        if kind == VALUES and self._journal.bytes > _MOST_BYTES:
            self.dropped += 1
            log.error("the outbox is full: %d meter values not kept so far", self.dropped)
            return
        self._journal.append([0, self.era() if era is None else era, transaction, kind, body])
        self._more.set()

    def era(self):
        """0 when the clock is set, else the number of this start's era, on flash when this returns."""
        if self._clock.synced:
            return 0
        if self._head["era"] != self._era:
            self._head["era"] = self._era
            self._save()
        return self._era

    def clock_moved(self, seconds):
        """The clock was set for the first time since the start: time stamps of this era are `seconds` late."""
        if self._head["era"] == self._era:
            shift = self._head["shift"]
            shift[str(self._era)] = seconds
            while len(shift) > _ERAS:
                del shift[min(shift, key=int)]
            self._save()

    def correction(self, era):
        """Seconds to add to time stamps of `era`."""
        return self._head["shift"].get(str(era), 0)

    def transaction_id(self, transaction):
        """(transactionId, authorization status) from StartTransaction.conf, or None when it has not come yet."""
        return self._head["ids"].get(str(transaction))

    async def run(self, call):
        """Deliver for ever. `call(action, payload, message_id)` returns a payload or raises CallError or Offline."""
        while True:
            record = self._journal.first(self._head["next"])
            if record is None:
                self._more.clear()
                await self._more.wait()
                continue
            try:
                await self._deliver(record, call)
            except Offline:
                await asyncio.sleep_ms(500)

    async def _deliver(self, record, call):
        number, era, transaction, kind, body = record
        identity = self.transaction_id(transaction)
        transaction_id = identity[0] if identity else NO_ID
        action, payload = self.render(kind, transaction, body, self.correction(era), transaction_id)
        message_id = "%s.%d.%d" % (self._head["nonce"], number, self._head["failures"])
        try:
            response = await call(action, payload, message_id)
        except CallError as error:
            await self._failed(record, action, error)
            return
        self._done(record, response)
        self.confirmed(transaction, kind, body, response)

    async def _failed(self, record, action, error):
        """Only a CALLERROR uses up TransactionMessageAttempts; a time-out never does (1.6 3.7.1, J 3.3)."""
        failures = self._head["failures"] = self._head["failures"] + 1
        self._save()
        if failures >= self._keys["TransactionMessageAttempts"]:
            log.error("%s given up after %d failures: %s", action, failures, error)
            self._done(record, None)
            self.confirmed(record[2], record[3], record[4], None)
            return
        log.warning("%s failed %d times: %s", action, failures, error)
        await asyncio.sleep(self._keys["TransactionMessageRetryInterval"] * failures)

    def _done(self, record, response):
        number, era, transaction, kind, body = record
        head = self._head
        if kind == STOP:
            head["ids"].pop(str(transaction), None)
        elif kind == START and response is not None:
            head["ids"][str(transaction)] = [response["transactionId"], response["idTagInfo"]["status"]]
        head["next"] = number + 1
        head["failures"] = 0
        self._save()
        self._journal.taken()
