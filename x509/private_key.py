"""A private key of P-256 as DER, in the form that load_cert_chain() of MicroPython takes (SEC 1 C.4, RFC 5915)."""

from x509 import CertificateError
from x509.der import Reader
from x509.encode import tlv, integer, oid

LABEL = "EC PRIVATE KEY"  # of the PEM
_P256 = "1.2.840.10045.3.1.7"


def der(private, point):
    """DER of the private key, a number, and its public one, the bytes of a point."""
    return tlv(
        0x30,
        integer(1),
        tlv(0x04, private.to_bytes(32, "big")),
        tlv(0xA0, oid(_P256)),
        tlv(0xA1, tlv(0x03, b"\x00", point)),
    )


def read(content):
    """(private key, bytes of the public point) of the DER. CertificateError "malformed"."""
    try:
        whole = Reader(content)
        parts = whole.open(0x30)
        whole.done()
        version, private = parts.small(), parts.value(0x04)
        name, point = parts.open(0xA0).oid(), parts.open(0xA1).bits()
        parts.done()
    except CertificateError:
        version = 0
    if version != 1 or len(private) != 32 or name != _P256:
        raise CertificateError("malformed", "The private key cannot be read.")
    return int.from_bytes(private, "big"), point
