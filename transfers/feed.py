"""Reads the pieces of a source for an upload, counts them, and reports progress."""

from transfers.failure import failed
from transfers.collect import Progress


class Sender:
    """`size`: bytes of the file, None if the source does not know."""

    def __init__(self, source, options):
        source.rewind()
        self.size = source.size
        self._source = source
        self._progress = Progress(options.get("progress"))
        self._done = 0

    def fill(self, view):
        """The part of `view` that holds the next bytes of the file; empty when there are no more."""
        if self.size is not None:
            view = view[: self.size - self._done]
        self._progress.at(self._done, self.size)
        if not len(view):
            return view
        count = self._source.readinto(view) or 0
        self._done += count
        if not count:
            if self.size is not None:
                raise failed("source", "%s ends after %d of %d bytes" % (self._source.name, self._done, self.size))
            self._progress.at(self._done, self._done)
        return view[:count]
