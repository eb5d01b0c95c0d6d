"""Makes room in a full outbox: deletes every second of the meter values in the middle (E 3.14, 3.91), never a start or
a stop. Loaded when that happens.

A few segments at a time, the window, are written again as fewer. At any power cut all that is kept is on flash: a new
segment is whole before an old one goes, and lines that are there twice count once (see Journal).
"""

import json

from micropython import const

from ocpp.store.checked_lines import PREFIX, SEGMENT_BYTES, encode, lines, number_of, whole

_WINDOW = const(4)
_TRIES = const(4)  # windows that one step looks at
_HALF = const(1)
_ALL = const(2)


class Thinning:
    """Walks over the segments of `journal`, from the one numbered `start` on; `position`: how far it has come.
    `thinnable` is the kind of the records that may go; of others the list at their end is cut down to its ends."""

    def __init__(self, journal, thinnable, start):
        self._journal = journal
        self._mark = b',"%s",' % thinnable.encode()
        self.position = start

    def step(self, open_number):
        """Free a segment; how many records went, or None if it found nothing to go where it looked. The record numbered
        `open_number` is on its way and stays."""
        segments = self._journal.segments
        for _ in range(_TRIES):
            index = 0
            while index < len(segments) and segments[index] < self.position:
                index += 1
            if index + _WINDOW >= len(segments):  # the last one is appended to
                if self.position == 0:
                    return None
                self.position = 0
                continue
            self.position = segments[index + _WINDOW]
            for how in (_HALF, _ALL):
                gone = self._window(index, how, open_number)
                if gone is not None:
                    return gone
        return None

    def _window(self, index, how, open_number):
        """Rewrite the window from `index` on if that frees a segment; how many records went, or None."""
        names, sizes, gone, size = [], [], 0, SEGMENT_BYTES
        for line, counts in self._lines(index, how, open_number):
            if line is None:
                gone += counts
            elif size + len(line) > SEGMENT_BYTES:
                sizes.append(len(line))
                names.append(number_of(line))
                size = len(line)
            else:
                size += len(line)
                sizes[-1] = size
        if len(names) >= _WINDOW:
            return None
        self._write(index, how, open_number, names)
        journal = self._journal
        for old in journal.segments[index : index + _WINDOW]:
            if old not in names:
                journal.store.remove_file(PREFIX + str(old))
        journal.segments[index : index + _WINDOW] = names
        journal.sizes[index : index + _WINDOW] = sizes
        journal.count -= gone
        if index == 0:
            journal.offset = 0
        return gone

    def _write(self, index, how, open_number, names):
        """Write the lines that are kept to new segments that begin with the lines numbered `names`."""
        kept = []  # type: list
        first = None
        for line, _ in self._lines(index, how, open_number):
            if line is None:
                continue
            if number_of(line) in names:
                self._flush(first, kept)
                kept, first = [], number_of(line)
            kept.append(line)
        self._flush(first, kept)

    def _flush(self, name, lines):
        if lines:
            self._journal.store.write_file(PREFIX + str(name), *lines)

    def _lines(self, index, how, open_number):
        """(line, 0) for each line of the window that is kept, (None, 1) for each that goes, (None, 0) for what has been
        taken already."""
        odd = {}  # type: dict
        last = 0
        for segment in range(index, index + _WINDOW):
            for line in lines(self._journal.path(segment)):
                if not whole(line) or number_of(line) < open_number or number_of(line) <= last:
                    yield None, 0
                    continue
                last = number_of(line)
                if last == open_number:
                    yield line, 0
                elif self._mark not in line[:60]:
                    yield (_shortened(line) if how == _ALL else line), 0
                else:
                    transaction = line[9 : line.find(self._mark)].split(b",")[2]
                    odd[transaction] = not odd.get(transaction)
                    yield (line, 0) if how == _HALF and odd[transaction] else (None, 1)


def _shortened(line):
    """A stop message with the first and the last of its transactionData."""
    record = json.loads(line[9:-1])
    samples = record[-1][-1]
    if not isinstance(samples, list) or len(samples) < 3:
        return line
    del samples[1:-1]
    return encode(record)
