"""x509/der.py: what is no DER is "malformed", never anything else (X.690)."""

import binascii

from helpers import raises
from x509 import CertificateError
from x509.der import Reader, hexadecimal, text


def unhex(digits):
    return binascii.unhexlify(digits.replace(" ", ""))


def refused(digits, method, *arguments):
    """`method` of a Reader of these bytes finds a mistake."""
    error = raises(CertificateError, getattr(Reader(unhex(digits)), method), *arguments)
    assert error.reason == "malformed" and str(error).startswith("The certificate cannot be read: ")


def test_an_element_is_opened():
    reader = Reader(unhex("3006 020107 020108 04 00"))
    inner = reader.open(0x30)
    assert (inner.small(), inner.tag(), inner.small(), inner.tag()) == (7, 2, 8, None)
    inner.done()
    assert reader.value(4) == b""
    reader.done()


def test_lengths_of_one_two_and_three_bytes():
    for head, size in (("047f", 127), ("048180", 128), ("0481ff", 255), ("04820100", 256), ("0482ffff", 65535)):
        data = unhex(head) + bytes(size)
        reader = Reader(data)
        assert len(reader.value(4)) == size
        reader.done()
        assert Reader(data).whole(4) == data


def test_lengths_that_are_no_der_are_refused():
    refused("0480 0102 0000", "value", 4)  # indefinite
    refused("3080 0000", "open", 0x30)
    refused("048100", "value", 4)  # more bytes than needed
    refused("04817f" + 127 * "00", "value", 4)
    refused("048200ff" + 255 * "00", "value", 4)
    refused("0483000001 00", "value", 4)
    refused("0483010000" + 65536 * "00", "value", 4)  # more than is ever needed
    refused("0484ffffffff", "value", 4)
    refused("04ff" + 127 * "ff", "value", 4)


def test_what_is_cut_off_is_refused():
    for digits in ("", "04", "0401", "0481", "048201", "04820100 00", "0403 0102"):
        refused(digits, "value", 4)
    refused("3003 0402 00", "open", 0x31)


def test_an_element_does_not_leave_the_one_around_it():
    reader = Reader(unhex("3003 0402 0102 03")).open(0x30)
    raises(CertificateError, reader.value, 4)


def test_other_tags_are_refused():
    refused("0400", "value", 5)
    refused("1f0100", "value", 0x1F)  # more than one byte
    refused("bf8f0100", "value", 0xBF)
    reader = Reader(unhex("0400"))
    assert reader.optional(5) is None and reader.optional(4).unread() == b""
    assert reader.optional(4) is None


def test_nothing_may_be_left():
    refused("0400", "done")
    Reader(b"").done()


def test_deep_nesting_is_not_followed():
    data = b""
    for _ in range(2000):
        data = (unhex("3082") + len(data).to_bytes(2, "big") if len(data) > 255 else
                unhex("3081") + bytes([len(data)]) if len(data) > 127 else bytes([0x30, len(data)])) + data
    reader = Reader(data)
    inner = reader.open(0x30)
    reader.done()
    assert inner.tag() == 0x30


def test_whole_numbers():
    samples = (("020100", ""), ("020101", "01"), ("02017f", "7f"), ("02020080", "80"), ("02020100", "0100"))
    for digits, expected in samples:
        assert Reader(unhex(digits)).integer() == unhex(expected)
    refused("0200", "integer")
    refused("020180", "integer")  # negative
    refused("0202ff7f", "integer")
    refused("02020001", "integer")  # more bytes than needed
    refused("0203000080", "integer")
    assert Reader(unhex("020300ffff")).small() == 65535
    refused("0203010000", "small")


def test_booleans():
    assert Reader(unhex("0101ff")).boolean() is True
    assert Reader(unhex("010100")).boolean() is False
    assert Reader(unhex("0400")).boolean() is False
    assert Reader(b"").boolean() is False
    for digits in ("010101", "0100", "0102ffff"):
        refused(digits, "boolean")


def test_bit_strings():
    assert Reader(unhex("030300abcd")).bits() == unhex("abcd")
    for digits in ("0300", "030101", "03020780"):
        refused(digits, "bits")
    for digits, expected in (("03020780", 1), ("03020106", 1 << 5 | 1 << 6), ("0303078080", 1 | 1 << 8), ("030100", 0)):
        assert Reader(unhex(digits)).flags() == expected
    for digits in ("0300", "03020880", "030101", "030700010203040506"):
        refused(digits, "flags")


def test_object_identifiers():
    samples = (("0603550403", "2.5.4.3"), ("06082a8648ce3d030107", "1.2.840.10045.3.1.7"), ("06012a", "1.2"),
               ("0603883703", "2.999.3"), ("060100", "0.0"), ("06044f818001", "1.39.16385"))
    for digits, expected in samples:
        assert Reader(unhex(digits)).oid() == expected
    for digits in ("0600", "06022a80", "06035580 01", "06022a86", "0621" + 33 * "01", "060180"):
        refused(digits, "oid")


def test_texts():
    assert text(0x0C, "Bürger".encode()) == "Bürger"
    assert text(0x13, b"Root CA") == text(0x16, b"Root CA") == text(0x14, b"Root CA") == "Root CA"
    assert text(0x14, b"B\xfcrger") == "Bürger"
    assert text(0x1E, b"\0B\0\xfc") == "Bü"
    assert text(0x1E, b"\0B\0") is None and text(0x03, b"x") is None
    assert raises(CertificateError, text, 0x0C, b"\xff").reason == "malformed"


def test_hexadecimal_digits_have_no_leading_zeros():
    samples = ((b"\x0f\xff", "FFF"), (b"", "0"), (b"\0\0", "0"), (b"\x10", "10"), (b"\0\x01", "1"), (b"\xab", "AB"))
    for content, expected in samples:
        assert hexadecimal(content) == expected
