"""The MFRC522 over SPI (NXP data sheet MFRC522, rev. 3.9); cards after ISO/IEC 14443-3 type A."""

from micropython import const

from hal.card.reader import Reader

# Registers (chapter 9) and their bits.
_COMMAND = const(0x01)
_COM_IRQ = const(0x04)
_RECEIVED = const(0x20)
_FIFO = const(0x09)
_FIFO_LEVEL = const(0x0A)
_BIT_FRAMING = const(0x0D)
_COLL = const(0x0E)
_MODE = const(0x11)
_TX_CONTROL = const(0x14)
_TX_ASK = const(0x15)
_VERSION = const(0x37)

# Commands (10.3).
_IDLE = const(0x00)
_TRANSCEIVE = const(0x0C)
_SOFT_RESET = const(0x0F)

_VERSIONS = b"\x90\x91\x92\x12\x88\x89\xb2"  # 0.0 to 2.0, and the copies one gets: counterfeit, FM17522
_ANTENNA_ON = const(0x83)

_SET_UP = const(1)
_WAKE = const(2)
_WOKEN = const(3)

_RESET_MS = const(50)
_ANSWER_MS = const(5)  # the longest answer takes 1 ms
_EVERY_MS = const(200)  # as in mfrc522_card.py


class Mfrc522(Reader):
    """`spi` mode 0, up to 10 MHz; `cs` a pin called with 0 or 1; RST is tied to 3.3 V. `version` is VersionReg.

    Each step is one exchange with the card; the next looks at its answer. WUPA and not REQA, so that a card
    that stays is seen again after HALT.
    """

    def __init__(self, spi, cs, number=None):
        super().__init__(number)
        self._spi = spi
        self._cs = cs
        self._out = bytearray(2)
        self._in = bytearray(2)
        self.frame = bytearray(21)  # what goes to a card and comes from it; see mfrc522_card.py
        self.version = 0
        cs(1)

    def _transfer(self, address, value):
        self._out[0] = address
        self._out[1] = value
        self._cs(0)
        self._spi.write_readinto(self._out, self._in)
        self._cs(1)
        return self._in[1]

    def write(self, register, value):
        self._transfer(register << 1, value)

    def read(self, register):
        return self._transfer(0x80 | register << 1, 0)

    def _step(self, now):
        state = self.state
        if state >= _WOKEN:
            # An answer, or none: then start the reader again.
            self.state = _WAKE
            if not self.read(_COM_IRQ) & _RECEIVED:
                return _EVERY_MS
            from hal.card import mfrc522_card

            return mfrc522_card.answered(self, state, now)
        if state == _WAKE:
            # Neither a reader that is gone nor one that has been reset says this.
            if self.read(_TX_CONTROL) != _ANTENNA_ON:
                raise OSError
            self.frame[0] = 0x52
            self.send(1, 7)
            self.state = _WOKEN
            return _ANSWER_MS
        if state == _SET_UP:
            self._set_up(now)
            self.state = _WAKE
            return _ANSWER_MS  # 14443-3 5: a card needs 5 ms of field
        self.write(_COMMAND, _SOFT_RESET)
        self.state = _SET_UP
        return _RESET_MS

    def _set_up(self, now):
        self.version = self.read(_VERSION)
        if self.version not in _VERSIONS:
            raise OSError
        self.write(_TX_ASK, 0x40)  # 100 % modulation
        self.write(_MODE, 0x3D)  # CRC starts at 6363h
        self.write(_COLL, 0)  # clear what follows a collision
        self.write(_TX_CONTROL, _ANTENNA_ON)
        self._ready(now)

    def load(self, start, end):
        """Stop the running command and put a part of the frame into the FIFO."""
        self.write(_COMMAND, _IDLE)
        self.write(_FIFO_LEVEL, 0x80)
        for at in range(start, end):
            self.write(_FIFO, self.frame[at])

    def send(self, length, bits=0):
        """Send the first bytes of the frame, only `bits` of the last, and await what completes that byte."""
        self.load(0, length)
        self.write(_COM_IRQ, 0x7F)
        align = bits << 4 if length > 1 else 0
        self.write(_BIT_FRAMING, align | bits)
        self.write(_COMMAND, _TRANSCEIVE)
        self.write(_BIT_FRAMING, 0x80 | align | bits)
