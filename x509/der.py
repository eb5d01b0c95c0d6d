"""DER, the encoding of certificates (X.690), read with bounds on everything.

Whatever the bytes are, nothing else is raised than CertificateError("malformed"). Nothing here calls itself, so no
nesting is too deep: only the levels that a certificate has are ever opened.
"""

import binascii

from micropython import const

from x509 import CertificateError

INTEGER = const(0x02)
BITS = const(0x03)
BYTES = const(0x04)
OID = const(0x06)
SEQUENCE = const(0x30)
SET = const(0x31)
_BOOLEAN = const(0x01)
_OTHER_TAG = const(0x1F)  # a tag of more than one byte follows
_MAX_OID = const(32)  # bytes


def malformed(what):
    return CertificateError("malformed", "The certificate cannot be read: %s." % what)


class Reader:
    """The elements of `data` (bytes) from `at` to `end`, read one after the other."""

    def __init__(self, data, at=0, end=None):
        self._data = data
        self.at = at
        self._end = len(data) if end is None else end

    def tag(self):
        """The tag of the next element; None behind the last one."""
        return self._data[self.at] if self.at < self._end else None

    def _length(self):
        """Go behind the head of the next element; the bytes of its content, which all are there."""
        data, at = self._data, self.at + 2
        if at > self._end:
            raise malformed("it ends within an element")
        if data[at - 2] & _OTHER_TAG == _OTHER_TAG:
            raise malformed("a tag has more than one byte")
        length = data[at - 1]
        if length > 0x82 or length == 0x80:
            raise malformed("an element has no definite length, or more than 65535 bytes")
        if length > 0x80:
            more = length - 0x80
            if at + more > self._end:
                raise malformed("it ends within an element")
            length = int.from_bytes(data[at : at + more], "big")
            at += more
            if length < 0x80 or more == 2 and length < 0x100:
                raise malformed("a length has more bytes than it needs")
        if at + length > self._end:
            raise malformed("an element is longer than what is around it")
        self.at = at
        return length

    def open(self, tag):
        """A Reader of what is in the next element, which has this tag."""
        if self.tag() != tag:
            raise malformed("0x%02x is where 0x%02x has to be" % (self.tag() or 0, tag))
        length = self._length()
        self.at += length
        return Reader(self._data, self.at - length, self.at)

    def optional(self, tag):
        """As open(), but None, and nothing is read, if the next element has another tag."""
        return self.open(tag) if self.tag() == tag else None

    def skip(self):
        """Go behind the next element."""
        length = self._length()
        self.at += length

    def whole(self, tag):
        """The bytes of the next element, which has this tag, with its head."""
        start = self.at
        self.open(tag)
        return self._data[start : self.at]

    def unread(self):
        """The bytes that have not been read."""
        return self._data[self.at : self._end]

    def value(self, tag):
        """The bytes in the next element, which has this tag."""
        return self.open(tag).unread()

    def done(self):
        """Nothing may be left."""
        if self.at < self._end:
            raise malformed("more follows than belongs there")

    def integer(self):
        """The bytes of a whole number that is not negative, without leading zeros; b"" for 0."""
        content = self.value(INTEGER)
        if not content:
            raise malformed("a number has no bytes")
        if content[0] & 0x80:
            raise malformed("a number is negative")
        if content[0]:
            return content
        if len(content) > 1 and not content[1] & 0x80:
            raise malformed("a number has more bytes than it needs")
        return content[1:]

    def small(self):
        """A whole number from 0 to 65535."""
        content = self.integer()
        if len(content) > 2:
            raise malformed("a number is larger than 65535")
        return int.from_bytes(content, "big")

    def boolean(self):
        """True or False; False if the next element is no BOOLEAN, for that is the default of all that are read here."""
        content = self.optional(_BOOLEAN)
        if content is None:
            return False
        content = content.unread()
        if content not in (b"\x00", b"\xff"):
            raise malformed("a BOOLEAN is neither true nor false")
        return content == b"\xff"

    def bits(self):
        """The bytes of a BIT STRING whose bits all count."""
        content = self.value(BITS)
        if not content or content[0]:
            raise malformed("a BIT STRING is not one of whole bytes")
        return content[1:]

    def flags(self):
        """A BIT STRING of up to 32 flags, as integer in which flag n is 1 << n."""
        content = self.value(BITS)
        if not 1 <= len(content) <= 5 or content[0] > 7 or content[0] and len(content) == 1:
            raise malformed("a BIT STRING is not one of flags")
        number = 0
        for bit in range(8 * (len(content) - 1)):
            if content[1 + bit // 8] & 0x80 >> bit % 8:
                number |= 1 << bit
        return number

    def oid(self):
        """An OBJECT IDENTIFIER as text, "2.5.4.3"."""
        content = self.value(OID)
        if not content or len(content) > _MAX_OID or content[-1] & 0x80:
            raise malformed("an OBJECT IDENTIFIER is cut off or too long")
        numbers, number, begins = [], 0, True
        for byte in content:
            if begins and byte == 0x80:
                raise malformed("an OBJECT IDENTIFIER has more bytes than it needs")
            number = number << 7 | byte & 0x7F
            begins = not byte & 0x80
            if begins:
                numbers.append(number)
                number = 0
        first = min(numbers[0] // 40, 2)
        return ".".join([str(number) for number in [first, numbers[0] - 40 * first] + numbers[1:]])


def text(tag, content):
    """The text of a UTF8String, PrintableString, IA5String, TeletexString or BMPString; None of any other tag."""
    if tag == 0x1E and len(content) % 2 == 0:
        content = _utf8([content[at] << 8 | content[at + 1] for at in range(0, len(content), 2)])
    elif tag == 0x14:
        content = _utf8(content)
    elif tag not in (0x0C, 0x13, 0x16):
        return None
    try:
        return bytes(content).decode()
    except UnicodeError:
        error = malformed("a name is not UTF-8")
    raise error


def _utf8(letters):
    """Numbers below 65536 as UTF-8. MicroPython would keep each letter that chr() gives for ever."""
    encoded = bytearray()
    for letter in letters:
        if letter < 0x80:
            encoded.append(letter)
        elif letter < 0x800:
            encoded.extend(bytes([0xC0 | letter >> 6, 0x80 | letter & 0x3F]))
        else:
            encoded.extend(bytes([0xE0 | letter >> 12, 0x80 | letter >> 6 & 0x3F, 0x80 | letter & 0x3F]))
    return encoded


def hexadecimal(content):
    """Bytes as digits 0 to 9 and A to F without leading zeros, "0" for none."""
    return binascii.hexlify(content).decode().lstrip("0").upper() or "0"
