"""Collects lines of the log in memory and has them written to flash together, and rarely.

A write lets the safety loop stand still for 0.2 s and takes about one erase of a block. So lines wait until there are
512 bytes of them, after a warning for a minute at the most, after an error for a second, and before a restart. 8 writes
may follow each other at once, then there is one a minute, whatever a peer does: until the next one only the newest
lines are kept, and a line in the file counts those that are left out. Only what each line needs is here, the rest is in
writing.py and read.py.
"""

from micropython import const

_PAUSE_S = const(60)  # for a write
_MAX_CREDIT_S = const(480)  # 8 writes
_SOON_S = const(60)  # after a warning


class Ring:
    """Made by writing.begin(). `folder`: where the files are, `stem`: the beginning of their names, `count`: how many
    at the most; `newest`: the number of the one that grows, 0 as long as nobody has looked. `data`: the lines that
    wait, `used` bytes; of any but the diagnostics log it is there only while lines wait. `left_out`: how many are
    missing in place before them. `writes`: since the start; `credit`: seconds without a write, 60 of which allow one.
    `due`: seconds until what waits is written, 0 when that has time. `engine` and `counts`: of the security log only
    (ocpp/events.py)."""

    folder, stem, data = "", "log", bytearray()
    count = newest = used = left_out = writes = credit = due = 0

    def add(self, line, level):
        """Take `line`; `level`: 0 to 3, as in log."""
        try:
            line = line.encode()
            if self.used + len(line) >= len(self.data):
                from ocpp.log import writing

                line = writing.make_room(self, line)
            end = self.used + len(line)
            self.data[self.used : end] = line
        except MemoryError:
            self.left_out += 1
            return
        self.data[end] = 10
        self.used = end + 1
        if level > 1 and (not self.due or level > 2):
            self.due = 1 if level > 2 else _SOON_S

    def check(self):
        """Called each second."""
        if self.credit < _MAX_CREDIT_S:
            self.credit += 1
        if self.due > 1:
            self.due -= 1
        elif self.due and self.credit >= _PAUSE_S:
            from ocpp.log import writing

            writing.write(self)
