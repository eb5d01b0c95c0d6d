"""The MFRC522 over SPI (NXP data sheet MFRC522, rev. 3.9); cards after ISO/IEC 14443-3 type A."""

from micropython import const

from .reader import Reader

# Registers (chapter 9) and their bits.
_COMMAND = const(0x01)
_COM_IRQ = const(0x04)
_RECEIVED = const(0x20)
_DIV_IRQ = const(0x05)
_CRC_DONE = const(0x04)
_ERROR = const(0x06)
_COLLISION = const(0x08)
_WRONG = const(0x13)  # FIFO overflow, parity, protocol
_FIFO = const(0x09)
_FIFO_LEVEL = const(0x0A)
_BIT_FRAMING = const(0x0D)
_COLL = const(0x0E)
_MODE = const(0x11)
_TX_CONTROL = const(0x14)
_TX_ASK = const(0x15)
_CRC_HIGH = const(0x21)
_CRC_LOW = const(0x22)
_VERSION = const(0x37)

# Commands (10.3).
_IDLE = const(0x00)
_CALCULATE_CRC = const(0x03)
_TRANSCEIVE = const(0x0C)
_SOFT_RESET = const(0x0F)

_VERSIONS = b"\x90\x91\x92\x12\x88\x89\xb2"  # 0.0 to 2.0, and the copies one gets: counterfeit, FM17522
_ANTENNA_ON = const(0x83)

_SET_UP = const(1)
_WAKE = const(2)
_WOKEN = const(3)
_FOUND = const(4)
_SELECTED = const(5)

_RESET_MS = const(50)
_ANSWER_MS = const(5)  # the longest answer takes 1 ms
_EVERY_MS = const(200)


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
        self._frame = bytearray(9)  # SEL, NVB, four bytes of the UID, BCC, CRC
        self._id = bytearray(10)
        self._length = self._known = self.version = 0
        cs(1)

    def _transfer(self, address, value):
        self._out[0] = address
        self._out[1] = value
        self._cs(0)
        self._spi.write_readinto(self._out, self._in)
        self._cs(1)
        return self._in[1]

    def _write(self, register, value):
        self._transfer(register << 1, value)

    def _read(self, register):
        return self._transfer(0x80 | register << 1, 0)

    def _step(self, now):
        state = self._state
        if state >= _WOKEN:
            return self._answered(state, now)
        if state == _WAKE:
            # Neither a reader that is gone nor one that has been reset says this.
            if self._read(_TX_CONTROL) != _ANTENNA_ON:
                raise OSError
            self._frame[0] = 0x52
            self._send(1, 7)
            self._state = _WOKEN
            return _ANSWER_MS
        if state == _SET_UP:
            self._set_up(now)
            self._state = _WAKE
            return _ANSWER_MS  # 14443-3 5: a card needs 5 ms of field
        self._write(_COMMAND, _SOFT_RESET)
        self._state = _SET_UP
        return _RESET_MS

    def _set_up(self, now):
        self.version = self._read(_VERSION)
        if self.version not in _VERSIONS:
            raise OSError
        self._write(_TX_ASK, 0x40)  # 100 % modulation
        self._write(_MODE, 0x3D)  # CRC starts at 6363h
        self._write(_COLL, 0)  # clear what follows a collision
        self._write(_TX_CONTROL, _ANTENNA_ON)
        self._ready(now)

    def _load(self, start, end):
        """Stop what goes on and put a part of the frame into the FIFO."""
        self._write(_COMMAND, _IDLE)
        self._write(_FIFO_LEVEL, 0x80)
        for at in range(start, end):
            self._write(_FIFO, self._frame[at])

    def _send(self, length, bits=0):
        """Send the first bytes of the frame, only `bits` of the last, and await what completes that byte."""
        self._load(0, length)
        self._write(_COM_IRQ, 0x7F)
        align = bits << 4 if length > 1 else 0
        self._write(_BIT_FRAMING, align | bits)
        self._write(_COMMAND, _TRANSCEIVE)
        self._write(_BIT_FRAMING, 0x80 | align | bits)

    def _receive(self, at, bits=0):
        """Put an answer into the frame from `at`, after `bits` that are there; the number of bytes."""
        frame = self._frame
        count = min(self._read(_FIFO_LEVEL), len(frame) - at)
        for end in range(at, at + count):
            byte = self._read(_FIFO)
            if bits:
                known = 255 >> 8 - bits
                byte = frame[end] & known | byte & ~known
                bits = 0
            frame[end] = byte
        return count

    def _crc(self, start, end):
        """CRC_A of a part of the frame, low byte first on the air (14443-3 annex B)."""
        self._load(start, end)
        self._write(_DIV_IRQ, _CRC_DONE)
        self._write(_COMMAND, _CALCULATE_CRC)
        for _ in range(20):
            if self._read(_DIV_IRQ) & _CRC_DONE:
                break
        else:
            raise OSError
        self._write(_COMMAND, _IDLE)
        return self._read(_CRC_LOW) | self._read(_CRC_HIGH) << 8

    def _append_crc(self, end):
        crc = self._crc(0, end)
        self._frame[end] = crc & 255
        self._frame[end + 1] = crc >> 8

    def _answered(self, state, now):
        """Go on after an answer; without one, or with one that makes no sense, begin again."""
        self._state = _WAKE
        if self._read(_COM_IRQ) & _RECEIVED:
            error = self._read(_ERROR)
            if state == _WOKEN:  # two kinds of cards answer with a collision
                self._length = 0
                return self._level(0x93)
            if not error & _WRONG:
                if state == _FOUND:
                    return self._found(error & _COLLISION)
                if not error & _COLLISION:
                    return self._selected(now)
        return _EVERY_MS

    def _level(self, sel):
        """Ask for the UID of a cascade level (14443-3 6.5.3)."""
        self._frame[0] = sel
        self._known = 0
        return self._ask()

    def _ask(self):
        known = self._known
        whole = 2 + (known >> 3)
        bits = known & 7
        self._frame[1] = whole << 4 | bits
        self._send(whole + (bits > 0), bits)
        self._state = _FOUND
        return _ANSWER_MS

    def _found(self, collision):
        frame = self._frame
        known = self._known
        count = self._receive(2 + (known >> 3), known & 7)
        if collision:
            # CollPos counts in the bytes of the FIFO, 0 = 32; of two cards the one with a 1 there goes on.
            coll = self._read(_COLL)
            last = (known & 24) + (coll - 1 & 31)
            if coll & 0x20 or not known <= last < 32:
                return _EVERY_MS
            frame[2 + (last >> 3)] |= 1 << (last & 7)
            self._known = last + 1
            if last < 31:
                return self._ask()
        bcc = frame[2] ^ frame[3] ^ frame[4] ^ frame[5]
        if collision:
            frame[6] = bcc
        elif count + (known >> 3) != 5 or frame[6] != bcc:
            return _EVERY_MS
        frame[1] = 0x70
        self._append_crc(7)
        self._send(9)
        self._state = _SELECTED
        return _ANSWER_MS

    def _selected(self, now):
        frame = self._frame
        uid = self._id
        if self._receive(6) != 3 or self._crc(6, 7) != frame[7] | frame[8] << 8:
            return _EVERY_MS
        more = frame[6] & 4  # SAK: UID not complete; the first byte of this level is the cascade tag
        for at in range(3 if more else 2, 6):
            uid[self._length] = frame[at]
            self._length += 1
        if more:
            return self._level(frame[0] + 2) if frame[2] == 0x88 and frame[0] < 0x97 else _EVERY_MS
        self._seen(memoryview(uid)[: self._length], now)
        frame[0] = 0x50  # HALT
        frame[1] = 0
        self._append_crc(2)
        self._send(4)
        return _EVERY_MS
