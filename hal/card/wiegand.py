"""A card reader with the Wiegand interface, 26 or 34 bits, on two pins."""

from time import ticks_diff

from micropython import const

from hal.card.reader import Reader

_GAP_MS = const(50)  # bits come 1 to 20 ms after each other
_MAX_BITS = const(34)


class Wiegand(Reader):
    """`d0` and `d1`: machine.Pin, inputs with pull-up, each pulled low for a bit; or call zero() and one().

    The idTag is the 3 or 4 bytes between the parity bits, as they come, most significant bit first; with
    `reverse` in the other byte order, for readers that turn the UID round. 26 bits do not hold a whole UID: the
    idTag has six digits then. A reader with Wiegand sends nothing but cards, so `ok` is always True; frames
    with another length or wrong parity are counted as `refused`. Take 34 bits where the reader has them.
    """

    def __init__(self, d0=None, d1=None, number=None, reverse=False):
        super().__init__(number)
        self.ok = True
        self.refused = 0
        self._reverse = reverse
        self._bits = bytearray(_MAX_BITS)
        self._count = self._counted = self._counted_at = 0
        if d0:
            d0.irq(handler=self.zero, trigger=d0.IRQ_FALLING)
            d1.irq(handler=self.one, trigger=d1.IRQ_FALLING)

    def zero(self, _pin=None):
        self._bit(0)

    def one(self, _pin=None):
        self._bit(1)

    def _bit(self, value):
        # From an interrupt: allocates nothing.
        if self._count < _MAX_BITS:
            self._bits[self._count] = value
        self._count += 1

    def _step(self, now):
        count = self._count
        if count != self._counted:
            self._counted = count
            self._counted_at = now
        elif count and ticks_diff(now, self._counted_at) >= _GAP_MS:
            if count in (26, 34) and self._parity(0, count >> 1) == 0 and self._parity(count >> 1, count) == 1:
                self.seen(self._uid_of(count), now)
            else:
                self.refused += 1
            self._count = self._counted = 0
        return 0

    def _parity(self, start, end):
        total = 0
        for at in range(start, end):
            total ^= self._bits[at]
        return total

    def _uid_of(self, count):
        uid = bytearray(count >> 3)
        for at in range(1, count - 1):
            uid[at - 1 >> 3] |= self._bits[at] << (8 - at & 7)
        return bytes(reversed(uid)) if self._reverse else uid
