"""The base of the card readers: idTags, presentations, and a new start of a reader that does not answer."""

import binascii
from time import ticks_diff

from micropython import const

from hal.card.queue import CardQueue

_GONE_MS = const(1000)
_PAUSE_MS = const(2000)


def id_tag(uid):
    """The idTag of a card: its UID as upper-case hexadecimal digits, in the order the card sends it.

    This is how central systems usually know cards: 8 digits for 4 bytes, 14 for 7, 20 for 10, no separators;
    UID0 first (0x04 = NXP with 7 bytes). Lists exported by software that takes the UID for a number of the
    other byte order have the pairs the other way round. A UID of 4 bytes that begins with 08 is a random one,
    as phones and passports have: another idTag each time (ISO/IEC 14443-3 6.5.4).
    """
    return binascii.hexlify(uid).decode().upper()


class Reader(CardQueue):
    """A reader at connector `number`, or with None one for all; call `poll(now)` (ticks_ms) every 20 ms or so.

    `ok` is False from the start, and while the reader does not answer; it is started again every 2 s. A driver
    gives `_step(now)`, which returns the ms until the next one, raises OSError if the reader does not answer,
    and begins with `state` 0; it takes a few ms at most, and allocates nothing while there is no card.
    """

    def __init__(self, number=None):
        super().__init__()
        self.number = number
        self.ok = False
        self._uid = None  # of the card that lies there
        self._seen_at = self._stepped = self._pause = self.state = 0

    def poll(self, now):
        if self._uid and self.ok and ticks_diff(now, self._seen_at) >= _GONE_MS:
            self._uid = None
        if self._pause and ticks_diff(now, self._stepped) < self._pause:
            return
        self._stepped = now
        try:
            self._pause = self._step(now)  # type: ignore[attr-defined]
        except (OSError, MemoryError):
            self.ok = False
            self.state = 0
            self._pause = _PAUSE_MS

    def _ready(self, now):
        """The reader answers; the card that lay there before it fell silent may still do so."""
        self._seen_at = now
        self.ok = True

    def seen(self, uid, now):
        """A card was read: a new one, once nothing of the last has been seen for 1 s.

        So one that is read in fits is shown once, and two in one wallet do not take turns.
        """
        if self._uid is None:
            self._uid = bytes(uid)
            self.show(id_tag(self._uid), self.number)
        if self._uid == uid:
            self._seen_at = now
