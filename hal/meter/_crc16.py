"""The checksum of Modbus RTU as machine code; `_crc16_py` is the same in plain Python."""

import micropython


@micropython.viper
def crc16(buf, length: int) -> int:
    """CRC-16 of the first `length` bytes of `buf` (Modbus over serial line 1.02, 6.2.2); low byte first on the wire.

    Nothing is checked here: the caller vouches that `buf` has as many.
    """
    at = ptr8(buf)
    crc = 0xFFFF
    for index in range(length):
        crc ^= at[index]
        for _ in range(8):
            low = crc & 1
            crc >>= 1
            if low:
                crc ^= 0xA001
    return crc
