"""The plain twin of `_crc16`, for interpreters that cannot load its machine code."""


def crc16(buf, length):
    """CRC-16 of the first `length` bytes of `buf` (Modbus over serial line 1.02, 6.2.2); low byte first on the wire."""
    crc = 0xFFFF
    for index in range(length):
        crc ^= buf[index]
        for _ in range(8):
            low = crc & 1
            crc >>= 1
            if low:
                crc ^= 0xA001
    return crc
