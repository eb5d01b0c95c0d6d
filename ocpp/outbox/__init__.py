"""The queue of transaction messages, which must reach the central system: on flash before they are sent, in order over
all connectors, until confirmed (1.6 3.7).

A record is [number, era, transaction, kind, body]; the body of a STOP may end with a list of samples. `transaction` is
the charge point's own number of it; the central system's transactionId is filled in when the message leaves. `era` is
not 0 when the time stamps in `body` were taken before the clock was set: the era's correction is kept with the head and
added when the message leaves. The head (next number, transactionIds, corrections, failures) is one record of the store,
so a confirmation and the transactionId in it are on flash together or not at all. It also shows whether messages have
vanished from flash: `gaps` is how many numbers are missing in the queue because meter values were thinned out, None
while that happens; `segment` is the newest file of the queue, 0 for none. era.py has the corrections, full.py what
happens when there is no room.
"""

import asyncio

from micropython import const

from ocpp.errors import Offline
from ocpp.outbox.queued import HEAD, VALUES
import memory

_LONGEST_S = const(500000)  # as in ocpp/engine/engine_keys.py
_MAX_BYTES = 400000  # of flash, a fifth of 2 MB


class Outbox:
    """`render(kind, transaction, body, correction, transaction_id)` -> (action, payload) and `confirmed(transaction,
    kind, body, response)` are set by the profile that owns the messages. `urgent`: number of the newest start or stop
    in the queue; `values_refused`: the last MeterValues was given up; `hurry` is set when a refused value holds up
    others. `sessions`, during the start: transaction -> whether the queue has its start, but not its stop."""

    def __init__(self, store, clock, keys, max_bytes=_MAX_BYTES):
        self.store = store
        self.clock = clock
        self.keys = keys
        self.render = self.confirmed = None
        self.hurry = asyncio.Event()
        self.urgent = self.thinned_to = 0
        self.values_refused = False
        self.sessions = {}
        self._max_bytes = max_bytes
        self._more = asyncio.Event()
        from ocpp.outbox import recovery

        self.head = recovery.head(store)
        self.own_era = self.head["era"] + 1
        self.nonce = recovery.nonce()
        self.journal = Journal(store, self.head["next"], lambda line: recovery.found(self, line))
        self.journal.found = None  # it would keep `recovery` in memory
        recovery.check(self)

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
        """Whether no transaction may begin any more, for even without meter values the queue would be too long."""
        return self.journal.bytes > self._max_bytes * 5 // 4

    @property
    def next_number(self):
        """The number that the next message will get; with it the owner of a record finds out whether it was added."""
        return self.journal.next

    def add(self, transaction, kind, body, era=None):
        """Put a message on flash and in the queue; `era` when its time stamps are older than this start.

        When flash cannot be written it waits in memory (ocpp/store/waiting.py). When the outbox is full, drop
        meter values (this one or older ones), never a start or a stop."""
        self.look_again()
        if self.store.waiting or self.journal.bytes > self._max_bytes:
            from ocpp.outbox import full

            if not full.admits(self, kind):
                return
        record = [0, self.era() if era is None else era, transaction, kind, body]
        try:
            self.journal.append(record)
        except (MemoryError, OSError) as error:
            memory.unload()
            from ocpp.outbox import full

            full.append_again(self, record, error)
        from ocpp.outbox import journal_lines

        journal_lines.added(self, record)
        self._more.set()

    def look_again(self):
        """Find out what is on flash if want of memory has kept the last scan of the journal from its end."""
        if not self.journal.known:
            memory.unload()
            self.journal.scan(self.head["next"])

    def era(self):
        """0 when the clock is set, else the number of this start's era, on flash when this returns."""
        if self.clock.synced:
            return 0
        from ocpp.outbox import era

        return era.own(self)

    def transaction_id(self, transaction):
        """[transactionId, authorization status, connector, meterStart] from StartTransaction.conf and .req, or None
        when the answer has not come yet; what it did not say is NO_ID and None."""
        return self.head["ids"].get(str(transaction))

    async def run(self, call, ready):
        """Deliver messages, for ever. `ready()` waits until that is possible and the clock is set; `call(action,
        payload, message_id)` returns a payload or raises CallError or Offline."""
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

    def correction(self, number):
        """Seconds to add to time stamps of the era `number`."""
        if not number:
            return 0
        from ocpp.outbox import era

        return era.correction(self, number)

    def save(self):
        """Put the head on flash, without names: littlefs keeps a file of up to 128 bytes beside its name, and ten times
        as many of them as of larger ones can be written before a block is erased."""
        self.store.save("outbox", [self.head[name] for name in HEAD])


class Journal:
    """The files of the outbox: an append-only queue of JSON lines in segments of one flash block, its lines those of
    ocpp/store/checked_lines.py. A segment is the file queue.<n> with the sequence number of its first line when it was
    begun; it is deleted when all its lines have been taken. Numbers ascend over all segments but for lines that a power
    cut has left twice, which count once.

    `count`: lines to be taken; `segments`: the numbers in the names of the
    files, `sizes`: their bytes; `fresh`: the next line begins a segment; `next`: the number of the next line;
    `offset`: in the first segment, of what is to be taken next; `given`: the number of the line that was given last.

    Lines that cannot be written wait in the store (ocpp/store/waiting.py). `loose`: the numbers of those that had to;
    `doubtful`: the name of the file to which a line may have been written or not. `known`: False when want of memory
    has kept journal_scan.scan from its end; only scan() may be called then."""

    def __init__(self, store, first, found=None):
        """Open the segments in `store`; lines numbered below `first` have been taken. `found(line)` is called for each
        line that has not."""
        self.store = store
        store.journal = self
        self.segments, self.sizes, self.loose = [], [], []
        self.count = self.offset = 0
        self.next = first
        self.fresh = True
        self.doubtful = None
        self.given = 0
        self.found = found
        self.known = False
        self.scan(first)

    def scan(self, first):
        """Find out what is on flash; lines numbered below `first` have been taken."""
        from ocpp.outbox import journal_scan

        journal_scan.scan(self, first)

    @property
    def bytes(self):
        return sum(self.sizes)

    def path(self, index):
        from ocpp.store.checked_lines import PREFIX

        return "%s/%s%d" % (self.store.path, PREFIX, self.segments[index])

    def append(self, record):
        """Put `record`, a list whose first element becomes its number, on flash; returns the number. OSError when that
        is not possible."""
        from ocpp.outbox import journal_lines

        return journal_lines.append(self, record)

    def write(self, number, line):
        """Write the line `number`, which has waited in the store, to the last segment. OSError when that fails."""
        from ocpp.outbox import journal_lines

        journal_lines.write(self, number, line)

    def first(self, at_least):
        """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
        from ocpp.outbox import journal_lines

        return journal_lines.first(self, at_least) if self.count else None

    def taken(self):
        """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
        from ocpp.outbox import journal_lines

        journal_lines.taken(self)
