"""Cards after ISO/IEC 14443-3 type A, bit by bit, for the simulated readers."""

IDLE, READY, ACTIVE, HALT = range(4)


def crc_a(data):
    """CRC_A as the two bytes on the air (14443-3 annex B)."""
    crc = 0x6363
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return bytes((crc & 255, crc >> 8))


def bits_of(data):
    """The bits of `data` as they go over the air, the lowest of each byte first."""
    return [byte >> place & 1 for byte in data for place in range(8)]


def bytes_of(bits):
    data = bytearray((len(bits) + 7) // 8)
    for at, bit in enumerate(bits):
        data[at // 8] |= bit << at % 8
    return bytes(data)


class Card:
    """A card with a UID of 4, 7 or 10 bytes; `hear(bits)` gives the bits it answers, or None."""

    def __init__(self, uid, atqa=b"\x04\x00", sak=0x08):
        self.uid = uid
        self.atqa = atqa
        self.sak = sak
        rest = uid
        self.levels = []
        while len(rest) > 4:
            self.levels.append(b"\x88" + rest[:3])
            rest = rest[3:]
        self.levels.append(rest)
        self.leave()

    def leave(self):
        """Out of the field: all is forgotten."""
        self.state = IDLE
        self.level = 0
        self.halted = False

    def hear(self, bits):
        if len(bits) == 7:
            return self._short(bytes_of(bits)[0])
        frame = bytes_of(bits)
        if self.state == READY and frame[0] == 0x93 + 2 * self.level:
            if frame[1] == 0x70:
                return self._select(frame, bits)
            return self._anticollision(frame, bits)
        if self.state == ACTIVE and frame == b"\x50\x00" + crc_a(b"\x50\x00"):
            self.state = HALT
            self.halted = True
            return None
        return self._back()

    def _back(self):
        self.state = HALT if self.halted else IDLE

    def _short(self, command):
        if self.state == IDLE and command in (0x26, 0x52) or self.state == HALT and command == 0x52:
            self.state = READY
            self.level = 0
            return bits_of(self.atqa)
        return self._back()

    def _anticollision(self, frame, bits):
        valid = (frame[1] >> 4) * 8 + (frame[1] & 7)
        own = self.levels[self.level]
        answer = bits_of(own + bytes([own[0] ^ own[1] ^ own[2] ^ own[3]]))
        known = valid - 16
        if valid != len(bits) or not 0 <= known < 32:
            return self._back()
        if bits[16:] != answer[:known]:
            return None
        return answer[known:]

    def _select(self, frame, bits):
        own = self.levels[self.level]
        expected = frame[:2] + own + bytes([own[0] ^ own[1] ^ own[2] ^ own[3]])
        if len(bits) != 72 or frame != expected + crc_a(expected):
            return self._back()
        self.level += 1
        more = self.level < len(self.levels)
        if not more:
            self.state = ACTIVE
        sak = bytes([0x04 if more else self.sak])
        return bits_of(sak + crc_a(sak))
