"""x509/pem.py (RFC 7468)."""

from helpers import raises
from x509 import CertificateError
from x509.pem import blocks, only, pem

ONE = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN EC PRIVATE KEY-----\nBAU=\n-----END EC PRIVATE KEY-----\n"


def refused(text, function=blocks):
    assert raises(CertificateError, function, text).reason == "malformed"


def test_blocks():
    assert blocks(ONE) == [("CERTIFICATE", b"\1\2\3")]
    assert blocks(ONE + KEY) == [("CERTIFICATE", b"\1\2\3"), ("EC PRIVATE KEY", b"\4\5")]
    assert blocks("") == blocks("no block\n") == []


def test_a_text_in_bytes():
    assert blocks(bytearray((ONE + KEY).encode())) == blocks(ONE + KEY)
    for text in ("", "no block\n"):
        assert blocks(bytearray(text.encode())) == []
    long = pem("CERTIFICATE", bytes(3000))
    assert only(bytearray(long.encode())) == only(long)
    for text in (ONE[:-9], ONE.replace("AQID", "AQI\u20ac"), ONE.replace("AQID", "A\u20ac" * 300)):
        refused(bytearray(text.encode()))
        refused(text)


def test_what_central_systems_do_to_pem():
    """Lines of Windows, spaces, all in one line, comments between, no newline at the end."""
    for text in (ONE.replace("\n", "\r\n"), ONE.replace("\n", " \n "), ONE.replace("\n", ""), ONE.strip(),
                 "subject: x\n" + ONE + "end", ONE.replace("AQID", "AQ\nID")):
        assert blocks(text) == [("CERTIFICATE", b"\1\2\3")]


def test_what_is_cut_off_or_no_base64_is_refused():
    for end in range(1, len(ONE) - 1):
        if ONE[:end].startswith("-----BEGIN "):
            refused(ONE[:end])
    for body in ("", "A", "AQI", "AQ=D", "====", "AQI*", "AQID=", "AQ-_", "AQ\x00D", "AQ==AQ=="):
        refused(ONE.replace("AQID", body))
    refused(ONE.replace("END CERTIFICATE", "END KEY"))
    refused(ONE.replace("-----END", "----END"))
    refused(ONE.replace("CERTIFICATE", ""))
    refused("-----BEGIN CERTIFICATE-----\n" + ONE)
    refused(21 * ONE)


def test_only_one_label():
    assert only(ONE + ONE) == [b"\1\2\3", b"\1\2\3"]
    assert only(KEY, "EC PRIVATE KEY") == [b"\4\5"]
    refused(ONE + KEY, only)
    refused("", only)


def test_written_and_read_again():
    for size in (1, 2, 3, 47, 48, 49, 96, 1000):
        der = bytes([at & 255 for at in range(size)])
        text = pem("CERTIFICATE", der)
        assert blocks(text) == [("CERTIFICATE", der)]
        lines = text.split("\n")
        assert lines[-1] == "" and max([len(line) for line in lines]) <= 64
    assert pem("CERTIFICATE", b"\1\2\3") == ONE
