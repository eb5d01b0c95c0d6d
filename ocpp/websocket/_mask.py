"""WebSocket masking as machine code; `_mask_py` is the same in plain Python."""

import micropython


@micropython.viper
def mask(buf, key, start: int, length: int):
    """XOR `length` bytes of `buf` from `start` with the 4 bytes of `key`, in place (RFC 6455 5.3).

    Nothing is checked here: the caller vouches that the range lies within `buf`.
    """
    k = ptr8(key)
    word = k[0] | k[1] << 8 | k[2] << 16 | k[3] << 24
    at = int(ptr8(buf)) + start
    end = at + length
    while at < end:
        # Xtensa faults on unaligned words: single bytes up to the boundary, the key turning with them.
        if at & 3 or end - at < 4:
            byte = ptr8(at)
            byte[0] ^= word
            word = word >> 8 & 0xFFFFFF | (word & 0xFF) << 24
            at += 1
        else:
            four = ptr32(at)
            four[0] ^= word
            at += 4
