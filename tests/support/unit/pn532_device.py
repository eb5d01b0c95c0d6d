"""A PN532 behind its UART or I2C, byte by byte, after its user manual (UM0701-02 chapters 6 and 7)."""

ACK = b"\x00\x00\xff\x00\xff\x00"
NACK = b"\x00\x00\xff\xff\x00\x00"
SYNTAX_ERROR = b"\x00\x00\xff\x01\xff\x7f\x81\x00"


def frame(data):
    """An information frame to the host; `data` begins with the code of the answer."""
    body = b"\xd5" + data
    return bytes((0, 0, 255, len(body), -len(body) & 255)) + body + bytes((-sum(body) & 255, 0))


class Chip:
    """`uids` of the cards in its field. `out` holds the frames that wait; `spoil(frame)` may change them."""

    def __init__(self, *uids):
        self.uids = list(uids)
        self.dead = False
        self.spoil = None
        self.commands = []
        self.reset()

    def reset(self):
        self.awake = self.normal = False
        self.retries = 255
        self.out = []
        self._came = b""

    def take(self, data):
        """Bytes of the host arrive."""
        if self.dead:
            return
        self._came += data
        while True:
            start = self._came.find(b"\x00\xff")
            if start < 0 or len(self._came) < start + 4:
                return
            length = self._came[start + 2]
            end = start + 4 + length + 2
            if (length + self._came[start + 3]) & 255:
                self._came = self._came[start + 2 :]
                continue
            if len(self._came) < end:
                return
            data = self._came[start + 4 : end - 1]
            self._came = self._came[end:]
            self._command(data)

    def _command(self, data):
        if sum(data) & 255 or data[0] != 0xD4:
            self.out.append(SYNTAX_ERROR)
            return
        command, rest = data[1], data[2:-1]
        if not self.awake or not self.normal and command != 0x14:
            return  # in Low Vbat mode it waits for SAMConfiguration
        self.commands.append(command)
        answer = self._answer(command, rest)
        frames = [ACK] + ([frame(bytes((command + 1,)) + answer)] if answer is not None else [])
        self.out = [self.spoil(each) if self.spoil else each for each in frames]

    def _answer(self, command, rest):
        if command == 0x14:
            self.normal = rest[0] == 1
            return b""
        if command == 0x02:
            return b"\x32\x01\x06\x07"
        if command == 0x32:
            if rest[0] == 5:
                assert len(rest) == 4
                self.retries = rest[3]
            return b""
        if command == 0x12:
            assert len(rest) == 1
            self.rats = rest[0] & 0x10
            return b""
        assert command == 0x4A and rest == b"\x01\x00"
        if not self.uids:
            return b"\x00" if self.retries < 255 else None  # for ever
        uid = self.uids[0]
        return b"\x01\x01\x00\x44\x08" + bytes((len(uid),)) + uid + (b"\x06\x75\x77\x81\x02\x80" if self.rats else b"")


class Uart:
    """machine.UART; `deliver()` lets what waits arrive, `pace` bytes at a time."""

    def __init__(self, chip, pace=100):
        self.chip = chip
        self.pace = pace
        self.noise = b""
        self._arrived = b""

    def write(self, data):
        if not self.chip.awake and data.startswith(b"\x55\x55") and len(data) >= 23:  # 2 ms at 115200 baud
            self.chip.awake = not self.chip.dead
        self.chip.take(data)
        return len(data)

    def deliver(self):
        self._line = b"".join(self.chip.out)
        self._arrived += self.noise + self._line[: self.pace]
        self.noise = b""
        rest = self._line[self.pace :]
        self.chip.out = [rest] if rest else []

    def any(self):
        return len(self._arrived)

    def readinto(self, buf, nbytes):
        count = min(nbytes, len(self._arrived))
        buf[:count] = self._arrived[:count]
        self._arrived = self._arrived[count:]
        return count or None


class I2c:
    """machine.I2C: a byte that says whether a frame is ready, then the frame; each read takes one frame."""

    def __init__(self, chip):
        self.chip = chip
        self._busy = 0

    def _address(self, address):
        if address != 0x24 or self.chip.dead:
            raise OSError(19)
        if not self.chip.awake:
            self.chip.awake = True
            raise OSError(19)  # the first address only wakes it

    def writeto(self, address, data):
        self._address(address)
        self.chip.take(data)
        return len(data)

    def deliver(self):
        pass

    def readfrom_into(self, address, buf):
        self._address(address)
        ready = bool(self.chip.out)
        buf[0] = ready
        if len(buf) > 1:
            assert ready
            if len(buf) > 1 + len(ACK) and self.chip.out[0] == ACK:
                raise AssertionError("what comes after the ACK would be lost")
            self.chip.out[0] += bytes(len(buf))
            for at in range(1, len(buf)):
                buf[at] = self.chip.out[0][at - 1]
            self.chip.out.pop(0)
