"""What must reach the central system: transaction messages, on flash before they are sent, in order over all
connectors, until confirmed (1.6 3.7).

A record is [number, era, transaction, kind, body]; the body of a STOP may end with a list of samples. `transaction` is
the charge point's own number of it; the central system's transactionId is filled in when the message leaves. `era` is
not 0 when the time stamps in `body` were taken before the clock was set: the era's correction is kept with the head and
added when the message leaves.
The head (next number, transactionIds, corrections, failures) is one record of the store, so a confirmation and what
it brought are on flash together or not at all. It also tells whether messages have vanished from flash: `gaps` is how
many numbers are missing in the queue because meter values were thinned out, None while that happens; `segment` is the
newest file of the queue, 0 for none. What happens seldom is in adding.py.
"""

import asyncio

from micropython import const

from ocpp.outbox.journal import Journal  # noqa: F401  always there
from ocpp.errors import Offline
from ocpp.outbox.kinds import HEAD, VALUES
import memory

_LONGEST_S = const(500000)  # as in ocpp/engine/configuration.py
_MOST_BYTES = 400000  # of flash, a fifth of 2 MB


class Outbox:
    """`render(kind, transaction, body, correction, transaction_id)` -> (action, payload) and `confirmed(transaction,
    kind, body, response)` are set by the profile that owns the messages. `urgent`: number of the newest start or stop
    in the queue; `values_refused`: the last MeterValues was given up; `hurry` is set when a refused value holds up
    others. `sessions`, during the start: transaction -> whether the queue has its start, but not its stop."""

    def __init__(self, store, clock, keys, most_bytes=_MOST_BYTES):
        self.store = store
        self.clock = clock
        self.keys = keys
        self._most_bytes = most_bytes
        from ocpp.outbox import recovery
        recovery.begin(self)
        self._more = asyncio.Event()
        self.hurry = asyncio.Event()
        self.render = self.confirmed = None

    @property
    def queued(self):
        """Messages that are not confirmed yet."""
        return self.journal.count

    @property
    def thinned(self):
        """Meter values that went because the outbox was full, ever."""
        return self.head["thinned"]

    @property
    def full(self):
        """No transaction may begin any more: even without meter values there would be too much."""
        return self.journal.bytes > self._most_bytes * 5 // 4

    @property
    def next_number(self):
        """The number that the next message will get; with it the owner of a record finds out whether it was added."""
        return self.journal.next

    def add(self, transaction, kind, body, era=None):
        """Put a message on flash and in the queue; `era` when its time stamps are older than this start.

        When flash cannot be written it waits in memory (ocpp/store/unwritten.py). When the outbox is full, drop
        meter values (this one or older ones), never a start or a stop."""
        from ocpp.outbox import adding
        self.look_again()
        if (self.store.waiting or self.journal.bytes > self._most_bytes) and not adding.admits(self, kind):
            return
        record = [0, self.era() if era is None else era, transaction, kind, body]
        try:
            self.journal.append(record)
        except (MemoryError, OSError) as error:
            memory.unload()
            from ocpp.outbox import adding
            adding.append_again(self, record, error)
        from ocpp.outbox import adding  # it may have been unloaded meanwhile
        adding.added(self, record)
        self._more.set()

    def look_again(self):
        """Find out what is on flash if want of memory has kept the last scan of the journal from its end."""
        if not self.journal.known:
            memory.unload()
            self.journal.scan(self.head["next"])

    def era(self):
        """0 when the clock is set, else the number of this start's era, on flash when this returns."""
        from ocpp.outbox import adding
        return 0 if self.clock.synced else adding.era(self)

    def transaction_id(self, transaction):
        """[transactionId, authorization status, connector, meterStart] from StartTransaction.conf and .req, or None
        when the answer has not come yet; what it did not say is NO_ID and None."""
        return self.head["ids"].get(str(transaction))

    async def run(self, call, ready):
        """Deliver for ever. `ready()` waits until that is possible and the clock is set; `call(action, payload,
        message_id)` returns a payload or raises CallError or Offline."""
        while True:
            await ready()
            self.look_again()
            record = self.journal.first(self.head["next"])
            if record is None:
                self._more.clear()
                await self._more.wait()
                continue
            try:
                import ocpp.outbox.delivery
                wait = await ocpp.outbox.delivery.deliver(self, record, call)
            except Offline:
                await asyncio.sleep_ms(500)
                continue
            if wait and record[3] == VALUES:
                import ocpp.outbox.refused
                await ocpp.outbox.refused.pause(self, min(wait, _LONGEST_S))
            elif wait:
                await asyncio.sleep(min(wait, _LONGEST_S))

    def correction(self, era):
        """Seconds to add to time stamps of `era`."""
        from ocpp.outbox import adding
        return adding.correction(self, era) if era else 0

    def save(self):
        """Put the head on flash, without names: littlefs keeps a file of up to 128 bytes beside its name, and ten times
        as many of them as of larger ones can be written before a block is erased."""
        self.store.save("outbox", [self.head[name] for name in HEAD])
