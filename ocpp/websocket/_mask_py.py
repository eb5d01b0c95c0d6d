"""The plain twin of `_mask`, for interpreters that cannot load its machine code."""


def mask(buf, key, start, length):
    """XOR `length` bytes of `buf` from `start` with the 4 bytes of `key`, in place (RFC 6455 5.3)."""
    for index in range(length):
        buf[start + index] ^= key[index & 3]
