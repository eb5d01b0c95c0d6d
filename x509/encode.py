"""DER, written."""


def tlv(tag, *parts):
    """The DER of an element (tag, length, value) with the bytes of all `parts`."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = 1 if length < 0x100 else 2
    return bytes([tag, 0x80 + size]) + length.to_bytes(size, "big") + content


def integer(number):
    """INTEGER of a number that is not negative."""
    size = 1
    while number >> 8 * size - 1:
        size += 1
    return tlv(0x02, number.to_bytes(size, "big"))


def oid(text):
    """OBJECT IDENTIFIER of "1.2.840.10045.2.1"."""
    first, second, *others = [int(part) for part in text.split(".")]
    content = b""
    for number in [40 * first + second] + others:
        group = bytes([number & 0x7F])
        while number >> 7:
            number >>= 7
            group = bytes([0x80 | number & 0x7F]) + group
        content += group
    return tlv(0x06, content)
