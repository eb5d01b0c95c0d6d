"""A serial line with a simulated Modbus meter at its end, in simulated time; written from the protocol's tables."""

import struct
from time import ticks_add, ticks_diff


def checksum(data):
    """CRC-16/MODBUS by its definition: polynomial 0x8005, bits of each byte and of the result reversed."""
    crc = 0xFFFF
    for byte in data:
        for bit in range(8):
            top = (crc >> 15) ^ (byte >> bit & 1)
            crc = (crc << 1 & 0xFFFF) ^ (0x8005 if top else 0)
    crc = int("".join(reversed("0000000000000000"[: 18 - len(bin(crc))] + bin(crc)[2:])), 2)
    return struct.pack("<H", crc)


def frame(*parts):
    data = b"".join(parts)
    return data + checksum(data)


class Slave:
    """A meter at `address`: `floats` {register: value}, `words` {register: word}; `spoil` changes its answers."""

    def __init__(self, address, floats, words=None, function=4):
        self.address = address
        self.function = function
        self.words = dict(words or {})
        self.set(floats)
        self.spoil = None
        self.asked = []

    def set(self, floats):
        for register, value in floats.items():
            self.words[register], self.words[register + 1] = struct.unpack(">HH", struct.pack(">f", value))

    def hear(self, data):
        """The answer to `data`, b"" for none."""
        slave, function, start, count = struct.unpack(">BBHH", data[:6])
        if slave != self.address or data != frame(data[:6]):
            return b""
        self.asked.append((function, start, count))
        if function != self.function:
            answer = frame(bytes((slave, function | 0x80, 1)))
        else:
            words = b"".join(struct.pack(">H", self.words.get(start + at, 0)) for at in range(count))
            answer = frame(bytes((slave, function, 2 * count)), words)
        return self.spoil(answer) if self.spoil else answer


class Line:
    """machine.UART at 9600 8N1 and, as `value()`, the driver enable pin of its transceiver."""

    def __init__(self, *slaves):
        self.slaves = slaves
        self.now = (1 << 30) - 700  # the ticks wrap soon
        self.sent = []
        self.de = []  # (time, level)
        self.faults = []
        self.late_ms = 0  # what an answer takes longer
        self._free = self.now
        self._coming = []  # (time, byte)

    def write(self, data):
        if not self.de[-1][1]:
            self.faults.append("sent without driver")
        self.sent.append((self.now, bytes(data)))
        self._free = ticks_add(self.now, len(data) * 10 // 9)
        begin = ticks_add(self._free, 6 + self.late_ms)
        for slave in self.slaves:
            for at, byte in enumerate(slave.hear(bytes(data))):
                self._coming.append((ticks_add(begin, at * 10 // 9), byte))
        return len(data)

    def txdone(self):
        return ticks_diff(self.now, self._free) >= 0

    def value(self, level):
        if not level and not self.txdone():
            self.faults.append("driver off too early")
        if not level and self._coming and ticks_diff(self.now, self._coming[0][0]) > 0:
            self.faults.append("driver off too late")
        self.de.append((self.now, level))

    def any(self):
        return sum(1 for when, _ in self._coming if ticks_diff(self.now, when) >= 0)

    def readinto(self, buf):
        count = min(len(buf), self.any())
        for at in range(count):
            buf[at] = self._coming.pop(0)[1]
        return count or None

    def noise(self, data):
        """Bytes that come from nowhere, now."""
        self._coming += [(self.now, byte) for byte in data]


def run(line, meters, ms):
    """Poll `meters` for `ms` of simulated time, each as often as it asks for."""
    end = ticks_add(line.now, ms)
    due = [line.now] * len(meters)
    while ticks_diff(end, line.now) > 0:
        for at, meter in enumerate(meters):
            if ticks_diff(line.now, due[at]) >= 0:
                due[at] = ticks_add(line.now, meter.poll(line.now))
        line.now = ticks_add(line.now, 1)
