"""The PN532 over UART or I2C (NXP user manual UM0701-02)."""

from time import ticks_diff

from micropython import const

from hal.card.reader import Reader

# The frames that are sent (chapters 6.2, 7), after its start in this order: SAMConfiguration normal mode,
# GetFirmwareVersion, RFConfiguration three tries to find a card instead of endless ones, SetParameters no RATS,
# which would lengthen the answer; then, again and again, InListPassiveTarget one card, 106 kbit/s type A.
_COMMANDS = (
    b"\x00\x00\xff\x05\xfb\xd4\x14\x01\x14\x01\x02\x00",
    b"\x00\x00\xff\x02\xfe\xd4\x02\x2a\x00",
    b"\x00\x00\xff\x06\xfa\xd4\x32\x05\xff\x01\x02\xf3\x00",
    b"\x00\x00\xff\x03\xfd\xd4\x12\x00\x1a\x00",
    b"\x00\x00\xff\x04\xfc\xd4\x4a\x01\x00\xe1\x00",
)
_VERSION = const(1)
_LIST = const(4)

_TO_HOST = const(0xD5)
_LONGEST = const(24)  # of TFI and data: a card with ten bytes takes 18
_ACK = const(6)  # bytes

_ANSWER_MS = const(200)  # three times this is less than a card may be out of sight
_EVERY_MS = const(200)
_TICK_MS = const(10)
_TRIES = const(3)


class Uart:
    """The PN532's high speed UART: `uart` of 115200 baud, 8N1, as machine.UART."""

    def __init__(self, uart):
        self._uart = uart

    def wake(self):
        # Its oscillator needs 2 ms; what comes meanwhile is lost.
        self._uart.write(b"\x55\x55" + bytes(22))

    def send(self, frame):
        self._uart.write(frame)

    def read(self, buf, _wanted):
        """Put what has come into `buf` from 0; the number of bytes."""
        count = min(self._uart.any(), len(buf))
        return self._uart.readinto(buf, count) or 0 if count else 0


class I2c:
    """The PN532 on an I2C bus of up to 400 kHz, as machine.I2C."""

    def __init__(self, i2c, address=0x24):
        self._i2c = i2c
        self._address = address
        self._ready = bytearray(1)
        self._block = bytearray(_LONGEST + 8)
        self._ack = memoryview(self._block)[: 1 + _ACK]

    def wake(self):
        pass  # its address wakes it, and holds the clock until it is awake

    def send(self, frame):
        self._i2c.writeto(self._address, frame)

    def read(self, buf, wanted):
        """Put an ACK (`wanted` 6) or an answer into `buf` from 0; the number of bytes, 0 if it is not ready."""
        self._i2c.readfrom_into(self._address, self._ready)
        if not self._ready[0] & 1:
            return 0
        # What lies behind the frame is read and thrown away, but an answer must not be read with its ACK.
        block = self._ack if wanted == _ACK else self._block
        self._i2c.readfrom_into(self._address, block)
        count = len(block) - 1
        for at in range(count):
            buf[at] = block[at + 1]
        return count


class Pn532(Reader):
    """A PN532 behind `wire`, a Uart or an I2c. `version`: firmware version and revision, 0x0106 for 1.6.

    A command without an answer, or with a broken one, is sent again after 200 ms, twice.
    """

    def __init__(self, wire, number=None):
        super().__init__(number)
        self._wire = wire
        self._buf = bytearray(_LONGEST + 7)
        self._data = bytearray(_LONGEST + 1)  # TFI, data and DCS of the frame that comes
        self._at = self._length = self._sent_at = self._tries = self.version = 0
        self._acknowledged = False

    def _step(self, now):
        # The state is twice the command's place in the list, and one more while its answer is awaited.
        state = self.state
        if not state & 1:
            if state == 0:
                self._wire.wake()
            self._tries = 0
            return self._send(now)
        count = self._wire.read(self._buf, _LONGEST if self._acknowledged else _ACK)
        for at in range(count):
            if self._take(self._buf[at]) and self._answered(now):
                return _EVERY_MS if state >> 1 == _LIST else _TICK_MS
        return self._send(now) if ticks_diff(now, self._sent_at) >= _ANSWER_MS else _TICK_MS

    def _send(self, now):
        """Send the command of this state, unless it has been sent too often."""
        if self._tries == _TRIES:
            raise OSError
        self._tries += 1
        self.state |= 1
        self._sent_at = now
        self._at = 0
        self._acknowledged = False
        self._wire.send(_COMMANDS[self.state >> 1])
        return _TICK_MS

    def _take(self, byte):
        """Take the next byte; True if it completes a frame with right checksums, which is in `_data` then."""
        at = self._at
        length = self._length
        self._at = at + 1
        if at < 2:  # 00 FF begins a frame
            self._at = 1 if byte == 0 else 2 if at and byte == 255 else 0
        elif at == 2:
            self._length = byte
        elif at == 3:
            if length == 0 and byte == 255:
                self._acknowledged = True
            if length + byte != 256 or length > _LONGEST:
                self._at = 0
        else:
            self._data[at - 4] = byte
            if at - 4 == length:
                self._at = total = 0
                for place in range(length + 1):
                    total += self._data[place]
                return total & 255 == 0
        return False

    def _answered(self, now):
        """True if the frame answers the command; then the next one is due."""
        command = self.state >> 1
        data = self._data
        if self._length < 2 or data[0] != _TO_HOST or data[1] != _COMMANDS[command][6] + 1:
            return False
        if command == _VERSION:
            self.version = data[3] << 8 | data[4]
        if command < _LIST:
            self.state = command + 1 << 1
            return True
        self.state = _LIST << 1
        if not self.ok:
            self._ready(now)
        # NbTg, Tg, SENS_RES in two bytes, SEL_RES, length of the UID, UID
        end = 8 + data[7]
        if self._length >= 12 and data[2] and data[7] in b"\x04\x07\x0a" and end <= self._length:
            self.seen(memoryview(data)[8:end], now)
        return True
