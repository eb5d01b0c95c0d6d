"""Counts and checks the bytes of a download, hands them to the sink, and reports progress."""

from micropython import const

from transfers.failure import failed

_STEP = const(16384)  # bytes between two reports where the length is unknown


class Progress:
    """Calls `report(done, total or None)` at the start, the end, and each percent or each 16 kB in between."""

    def __init__(self, report):
        self._report = report
        self._next = 0

    def at(self, done, total):
        if self._report and (done >= self._next or done == total):
            self._next = done + (total // 100 if total else _STEP)
            self._report(done, total)


class Receiver:
    """`done`: bytes the sink has, from the start of the file on; `total`: bytes of the file, None while unknown."""

    def __init__(self, sink, options):
        self._sink = sink
        self._progress = Progress(options.get("progress"))
        self._max = options.get("max_size")
        self.done, self.total = 0, None

    def begin(self, offset, total, validator):
        """Data come from `offset` on, of `total` bytes or None; `validator` identifies this version of the file."""
        self.done, self.total = offset, total
        self._check(total or offset)
        self._sink.validator = validator
        self._sink.begin(offset)
        self._progress.at(offset, total)

    def take(self, view):
        """The next bytes."""
        self.done += len(view)
        if self.total is not None and self.done > self.total:
            raise failed("protocol", "there is more than the %d bytes that were announced" % self.total)
        self._check(self.done)
        self._sink.write(view)
        self._progress.at(self.done, self.total)

    def end(self):
        """Nothing follows."""
        if self.total is None:
            self._progress.at(self.done, self.done)
        elif self.done < self.total:
            raise failed("truncated", "the transfer ended after %d of %d bytes" % (self.done, self.total))

    def _check(self, size):
        if self._max is not None and size > self._max:
            raise failed("too large", "%d bytes, and at most %d are allowed" % (size, self._max))
