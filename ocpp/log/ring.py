"""The way of the log to flash: lines are gathered in memory and written together, and never often.

A write lets the safety loop stand still for 0.2 s and takes about one erase of a block. So lines wait until there are
512 bytes of them, after a warning for a minute at the most, after an error for a second, and whoever ends the run has
them written. 8 writes may follow each other at once, then there is one a minute, whatever a peer does: until the next
one only the newest lines are kept, and the file tells how many are left out. Only what each line needs is here, the
rest is in writing.py and reading.py.
"""

from micropython import const

_SIZE = const(512)  # bytes that wait
_AT_ONCE = const(8)  # writes
_PAUSE_S = const(60)  # until there may be another one
_SOON_S = const(60)  # after a warning


class Ring:
    """`folder`: where the files are, `count`: how many at the most; `newest`: the number of the one that grows, 0 as
    long as nobody has looked. `data`: the lines that wait, `size` bytes; `left_out`: how many are missing in place
    before them. `writes`: since the start; `spare`: that may follow each other now. `due`: seconds until what waits is
    written, 0 when that has time."""

    def __init__(self, folder, kilobytes):
        self.folder = folder
        self.count = kilobytes // 4
        self.data = bytearray(_SIZE)
        self.newest = self.size = self.left_out = self.writes = self.due = 0
        self.spare = _AT_ONCE
        self._seconds = 0

    def add(self, line, level):
        """Take `line`; `level`: 0 to 3, as in log."""
        try:
            line = line.encode()
            if self.size + len(line) >= _SIZE:
                from ocpp.log import writing

                line = writing.make_room(self, line)
            end = self.size + len(line)
            self.data[self.size : end] = line
        except MemoryError:
            self.left_out += 1
            return
        self.data[end] = 10
        self.size = end + 1
        if level > 1 and (not self.due or level > 2):
            self.due = 1 if level > 2 else _SOON_S

    def check(self):
        """Called each second."""
        self._seconds += 1
        if self._seconds >= _PAUSE_S:
            self._seconds = 0
            self.spare = min(self.spare + 1, _AT_ONCE)
        if self.due > 1:
            self.due -= 1
        elif self.due and self.spare:
            self.flush()

    def flush(self):
        """Write what waits now, as at the end of a run."""
        from ocpp.log import writing

        writing.write(self)
