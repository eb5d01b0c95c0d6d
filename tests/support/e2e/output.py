"""What a process prints, without delay: a test that has seen a message of the charge point sees each line that was
printed before it, too."""

import os
import select
import threading
import time


class Output:
    """The lines of one process after the other, each behind the seconds since its process began to be followed."""

    def __init__(self):
        self._lines = []
        self._ended = True
        self._lock = threading.Lock()
        self._thread = self._stream = None

    def follow(self, stream):
        """Read this stream, a pipe, to its end; the one before has ended."""
        self._stream, self._ended, self._rest, self._began = stream, False, b"", time.monotonic()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def join(self):
        """Wait for the end of the stream."""
        self._thread.join()

    @property
    def lines(self):
        """All that have been printed up to now."""
        with self._lock:
            self._take()
        return self._lines

    def _read(self):
        while not self._ended:
            select.select([self._stream], [], [])
            with self._lock:
                self._take()

    def _take(self):
        """Take what is there."""
        while not self._ended and select.select([self._stream], [], [], 0)[0]:
            data = os.read(self._stream.fileno(), 1 << 16)
            *lines, self._rest = (self._rest + data).split(b"\n")
            if not data:
                self._ended, lines = True, [self._rest] if self._rest else []
            seconds = time.monotonic() - self._began
            self._lines += ["%8.3f %s" % (seconds, line.decode(errors="replace").rstrip()) for line in lines]
