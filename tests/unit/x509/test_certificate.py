"""x509/certificate.py, times.py, extensions.py and algorithms.py: certificates that nobody should make (RFC 5280)."""

import binascii

from helpers import raises
from x509 import CertificateError, certificate
from x509.encode import integer, oid, tlv

SHA256_ECDSA = tlv(0x30, oid("1.2.840.10045.4.3.2"))
P256 = tlv(0x30, tlv(0x30, oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), tlv(0x03, b"\x00\x04" + bytes(64)))
TRUE = b"\x01\x01\xff"


def name(text=b"it"):
    return tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(0x0C, text))))


def utc(text):
    return tlv(0x17, text)


def extension(kind, content, critical=b""):
    return tlv(0x30, oid(kind), critical, tlv(0x04, content))


def made(serial=None, algorithm=SHA256_ECDSA, outer=None, dates=None, subject=None, spki=P256, extensions=None,
         version=b"\xa0\x03\x02\x01\x02", more=b"", behind=b""):
    """The DER of a certificate, whose signature is none."""
    dates = tlv(0x30, utc(b"260101000000Z"), utc(b"270101000000Z")) if dates is None else dates
    listed = tlv(0xA3, tlv(0x30, *extensions)) if extensions is not None else b""
    body = tlv(0x30, version, integer(5) if serial is None else serial, algorithm, name(), dates,
               name() if subject is None else subject, spki, more, listed)
    return tlv(0x30, body, outer or algorithm, tlv(0x03, b"\x00" + bytes(8)), behind)


def read(**parts):
    return certificate.read(made(**parts))


def refused(**parts):
    error = raises(CertificateError, certificate.read, made(**parts))
    assert error.reason == "malformed", parts
    return str(error)


def test_a_certificate_as_it_should_be():
    found = read()
    assert (found.common_name, found.organization, found.serial) == ("it", None, b"\x05")
    assert (found.is_ca, found.path_length, found.key_usage, found.extended_key_usage) == (False, None, None, None)
    assert not found.has_names and list(found.dns_names) == list(found.ip_addresses) == list(found.unknown) == []
    assert found.key == ("P-256", b"\x04" + bytes(64))


def test_serial_numbers():
    assert read(serial=integer(0)).serial == b""
    assert read(serial=tlv(0x02, b"\x00" + b"\xff" * 20)).serial == b"\xff" * 20
    for content in (b"", b"\x80", b"\x00\x01", b"\x01" * 21):
        refused(serial=tlv(0x02, content))
    for serial in (b"", tlv(0x04, b"\x05")):
        refused(serial=serial)


def test_versions():
    assert read(version=b"").serial == b"\x05"
    for number in (3, 4, 255):
        assert "version" in refused(version=tlv(0xA0, integer(number)))
    for version in (b"", tlv(0xA0, integer(0)), tlv(0xA0, integer(1))):
        assert "extensions, but not version 3" in refused(version=version, extensions=[])
    refused(version=tlv(0xA0, integer(2), integer(2)))


def test_what_is_behind_or_missing():
    refused(behind=b"\x05\x00")
    refused(more=tlv(0x05))
    refused(dates=b"")
    refused(subject=b"")
    refused(spki=b"")
    raises(CertificateError, certificate.read, made() + b"\x00")
    raises(CertificateError, certificate.read, b"")
    raises(CertificateError, certificate.read, made(subject=name(b"x" * 9000)))
    assert read(more=tlv(0x81, b"\x00\x01") + tlv(0x82, b"\x00\x02")).common_name == "it"  # unique identifiers


def test_the_two_algorithms_have_to_be_the_same():
    refused(outer=tlv(0x30, oid("1.2.840.10045.4.3.3")))
    refused(outer=tlv(0x30, oid("1.2.840.10045.4.3.2"), tlv(0x05)))


def date(element):
    return read(dates=tlv(0x30, utc(b"500101000000Z"), element)).not_after


def test_dates():
    for element, expected in (
        (utc(b"700101000000Z"), 0), (utc(b"691231235959Z"), -1), (utc(b"500101000000Z"), -631152000),
        (utc(b"491231235959Z"), 2524607999), (tlv(0x18, b"20500101000000Z"), 2524608000),
        (tlv(0x18, b"20491231235959Z"), 2524607999), (tlv(0x18, b"99991231235959Z"), 253402300799),
        (utc(b"000229120000Z"), 951825600), (utc(b"240229000000Z"), 1709164800),
        (tlv(0x18, b"21000301000000Z"), 4107542400),
    ):
        assert date(element) == expected, element


def test_dates_that_are_none():
    for text in (b"", b"2601010000Z", b"260101000000", b"260101000000+0100", b"2601010000000", b"260001000000Z",
                 b"261301000000Z", b"260100000000Z", b"260132000000Z", b"260431000000Z", b"250229000000Z",
                 b"260101240000Z", b"260101006000Z", b"260101000060Z", b"26010100000aZ", b"-60101000000Z",
                 b"20260101000000Z"):
        refused(dates=tlv(0x30, utc(text), utc(b"270101000000Z")))
    for text in (b"260101000000Z", b"20260101000000.5Z", b"20260101000000", b"2026010100Z", b"21000229000000Z"):
        refused(dates=tlv(0x30, utc(b"270101000000Z"), tlv(0x18, text)))
    for dates in (tlv(0x30, utc(b"270101000000Z")), tlv(0x30, *[utc(b"270101000000Z")] * 3), tlv(0x30)):
        refused(dates=dates)


def test_of_several_common_names_the_last_counts():
    pair = tlv(0x30, oid("2.5.4.3"), tlv(0x0C, b"first"))
    other = tlv(0x30, oid("2.5.4.3"), tlv(0x13, b"second"))
    assert read(subject=tlv(0x30, tlv(0x31, pair), tlv(0x31, other))).common_name == "second"
    assert read(subject=tlv(0x30, tlv(0x31, pair, other))).common_name == "second"
    assert read(subject=tlv(0x30)).common_name is None
    for subject in (tlv(0x30, tlv(0x30, pair)), tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3")))), tlv(0x30, pair),
                    tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(0x0C, b"x"), tlv(0x05))))):
        refused(subject=subject)


def test_constraints():
    def constraints(*parts):
        return read(extensions=[extension("2.5.29.19", tlv(0x30, *parts), TRUE)])

    assert (constraints().is_ca, constraints(TRUE).is_ca) == (False, True)
    assert constraints(TRUE, integer(0)).path_length == 0
    assert constraints(TRUE, integer(300)).path_length == 300
    negative = tlv(0x02, b"\xff")
    for parts in ((TRUE, integer(1 << 16)), (TRUE, negative), (integer(1), TRUE), (TRUE, TRUE), (b"\x01\x01\x07",)):
        refused(extensions=[extension("2.5.29.19", tlv(0x30, *parts))])


def test_extensions_that_break_the_rules():
    usage = extension("2.5.29.15", b"\x03\x02\x07\x80")
    assert read(extensions=[usage]).key_usage == 1
    assert "twice" in refused(extensions=[usage, usage])
    many = [extension("1.2.%d" % number, b"\x05\x00") for number in range(41)]
    assert read(extensions=many[:40]).unknown == []
    refused(extensions=many)
    for content in (b"", b"\x03\x01\x07", b"\x03\x02\x07\x80\x00", b"\x04\x00"):
        refused(extensions=[extension("2.5.29.15", content)])
    refused(extensions=[tlv(0x30, oid("1.2.3"), tlv(0x04), tlv(0x04))])
    refused(extensions=[tlv(0x30, oid("1.2.3"))])
    refused(extensions=[tlv(0x30, tlv(0x04))])
    assert read(extensions=[extension("1.2.3", b"not DER", TRUE)]).unknown == ["1.2.3"]


def test_names_that_break_the_rules():
    def names(*parts):
        return [extension("2.5.29.17", tlv(0x30, *parts))]

    address = b"\x0a\x00\x00\x01"
    found = read(extensions=names(tlv(0x82, b"A.example"), tlv(0x87, address), tlv(0xA4, name()), tlv(0x81, b"x")))
    assert (found.dns_names, found.ip_addresses, found.has_names) == (["a.example"], [address], True)
    assert read(extensions=names()).has_names
    for part in (tlv(0x82, b"a\x00.example"), tlv(0x82, b"a b"), tlv(0x82, b"\xff"), tlv(0x87, b"\x0a"),
                 tlv(0x87, bytes(8)), b"\x82\x05a"):
        refused(extensions=names(part))
    refused(extensions=names(*[tlv(0x82, b"a")] * 101))
    assert len(read(extensions=names(*[tlv(0x82, b"a")] * 100)).dns_names) == 100


def test_keys_that_break_the_rules():
    rsa = tlv(0x30, oid("1.2.840.113549.1.1.1"), tlv(0x05))

    def key(*numbers, algorithm=rsa, unused=b"\x00"):
        return tlv(0x30, algorithm, tlv(0x03, unused, tlv(0x30, *numbers)))

    assert read(spki=key(integer(15), integer(3))).key == ("RSA", 15, 3)
    negative = tlv(0x02, b"\xff")
    for spki in (key(integer(15)), key(integer(15), integer(3), integer(1)), key(negative, integer(3)),
                 key(integer(15), negative), key(integer(1 << 8200), integer(3)), key(integer(15), integer(1 << 8200)),
                 key(integer(15), integer(3), unused=b"\x01"), key(integer(15), integer(3), algorithm=tlv(0x30))):
        refused(spki=spki)
    assert read(spki=tlv(0x30, tlv(0x30, oid("1.3.101.112")), tlv(0x03, b"\x00" + bytes(32)))).key == ("1.3.101.112",)


def test_algorithms_of_signatures():
    def algorithm(*parts):
        return read(algorithm=tlv(0x30, *parts)).signature_algorithm

    sha256, sha512 = oid("2.16.840.1.101.3.4.2.1"), oid("2.16.840.1.101.3.4.2.3")
    pss = oid("1.2.840.113549.1.1.10")

    def mask(hashed):
        return tlv(0xA1, tlv(0x30, oid("1.2.840.113549.1.1.8"), tlv(0x30, hashed)))

    null = tlv(0x05)
    assert algorithm(oid("1.2.840.113549.1.1.11"), null) == ("RSA", "SHA256", None)
    assert algorithm(oid("1.2.840.10045.4.3.4"), null) == ("ECDSA", "SHA512", None)
    assert algorithm(oid("1.2.840.113549.1.1.5"), null) == ("SHA-1", None, None)
    assert algorithm(oid("1.2.3"), null) == ("1.2.3", None, None)
    hashed = tlv(0xA0, tlv(0x30, sha256))
    assert algorithm(pss, tlv(0x30, hashed, mask(sha256), tlv(0xA2, integer(32)))) == ("PSS", "SHA256", 32)
    assert algorithm(pss, tlv(0x30, hashed, mask(sha256))) == ("PSS", "SHA256", 20)
    trailer = tlv(0xA3, integer(2))
    for parts in ((), (hashed,), (mask(sha256),), (hashed, mask(sha512)), (hashed, mask(sha256), trailer)):
        assert algorithm(pss, tlv(0x30, *parts)) == ("PSS with other parameters", None, None)
    assert algorithm(pss) == ("PSS with SHA-1", None, None)
    for parts in ((oid("1.2.840.113549.1.1.11"), tlv(0x05, b"\x00")), (pss, tlv(0x30, hashed, hashed)), (),
                  (oid("1.2.840.113549.1.1.11"), null, null), (pss, tlv(0x30, mask(sha256), hashed))):
        refused(algorithm=tlv(0x30, *parts))


def test_what_is_written_is_der():
    samples = ((integer(0), "020100"), (integer(127), "02017f"), (integer(128), "02020080"),
               (integer(256), "02020100"), (oid("2.999.3"), "0603883703"), (tlv(0x04, bytes(127))[:2], "047f"),
               (tlv(0x04, bytes(128))[:3], "048180"), (tlv(0x04, bytes(256))[:4], "04820100"))
    for content, digits in samples:
        assert content[: len(digits) // 2] == binascii.unhexlify(digits)
