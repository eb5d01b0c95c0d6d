"""A simulated card reader on two wires: what it sends is read by the real driver, hal/card/wiegand.py."""

from binascii import unhexlify


class _Line:
    """A data line; its falling edges call the handler that irq() was given."""

    IRQ_FALLING = 2

    def __init__(self):
        self.handler = None

    def irq(self, handler, trigger):
        self.handler = handler


class Reader:
    """The wires of the reader, as hal/drivers/build_enclosure.py asks for them."""

    def __init__(self):
        self._lines = (_Line(), _Line())

    def sense(self, name, pull=None):
        """The line "wiegand_d0" or "wiegand_d1"."""
        return self._lines[int(name[-1])]

    def send(self, id_tag):
        """The frame of a card: 3 or 4 bytes, the highest bit first, between even and odd parity. ValueError."""
        try:
            uid = unhexlify(id_tag)
        except ValueError:
            uid = b""
        if len(uid) not in (3, 4):
            raise ValueError("idTag must have 6 or 8 hexadecimal digits: a Wiegand reader sends no others")
        bits = [byte >> place & 1 for byte in uid for place in range(7, -1, -1)]
        half = len(bits) // 2
        for bit in [sum(bits[:half]) & 1] + bits + [1 - sum(bits[half:]) & 1]:
            line = self._lines[bit]
            line.handler(line)
