"""The file side of the outbox: an append-only queue of JSON lines in segments of one flash block.

Its lines are those of ocpp/store/checked_lines.py. A segment is the file queue.<n>, n the sequence number of its first line
when it was begun; it is deleted when all its lines have been taken. Numbers ascend over all segments but for lines that
a power cut has left twice, which count once. journal_lines.py reads and writes the lines.
"""


class Journal:
    """Lines with ascending sequence numbers. `count`: lines to be taken; `segments`: the numbers in the names of the
    files, `sizes`: their bytes; `fresh`: the next line begins a segment; `next`: the number of the next line;
    `offset`: in the first segment, of what is to be taken next; `given`: the number of the line that was given last.

    Lines that cannot be written wait in the store (ocpp/store/unwritten.py). `loose`: the numbers of those that had to;
    `doubtful`: the name of the file to which a line may have been written or not. `known`: False when want of memory
    has kept journal_scan.scan from its end; only scan() may be called then."""

    def __init__(self, store, first, found=None):
        """Open the segments in `store`; lines numbered below `first` have been taken. `found(line)` is called for each
        line that has not."""
        self.store = store
        store.journal = self
        self.known = False
        self.loose = []
        self.given = 0
        self.found = found
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

    def first(self, at_least):
        """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
        from ocpp.outbox import journal_lines
        return journal_lines.first(self, at_least) if self.count else None

    def taken(self):
        """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
        from ocpp.outbox import journal_lines
        journal_lines.taken(self)
