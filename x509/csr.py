"""A request for a certificate, PKCS #10 (RFC 2986), for a key of P-256 (A02.FR.02 to 04, A00.FR.509, 511)."""

from x509 import p256
from x509.encode import tlv, integer, oid

LABEL = "CERTIFICATE REQUEST"  # of the PEM
_ORGANIZATION = "2.5.4.10"
_COMMON_NAME = "2.5.4.3"
_EC = "1.2.840.10045.2.1"
_P256 = "1.2.840.10045.3.1.7"
_ECDSA_SHA256 = "1.2.840.10045.4.3.2"


def make(private, organization, common_name):
    """DER of the request, signed with the private key; `organization`: CpoName, "" to leave it out; `common_name`: the
    serial number of the charge point. Its SHA-256 and signature take some 0.5 s on the chip."""
    point = p256.public(private)
    names = [(_ORGANIZATION, organization)] if organization else []
    names.append((_COMMON_NAME, common_name))
    info = tlv(
        0x30,
        integer(0),
        tlv(0x30, *[_name(kind, text) for kind, text in names]),
        tlv(0x30, tlv(0x30, oid(_EC), oid(_P256)), tlv(0x03, b"\x00", point)),
        tlv(0xA0),  # no attributes
    )
    signature = tlv(0x03, b"\x00", p256.signature(private, info))
    return tlv(0x30, info, tlv(0x30, oid(_ECDSA_SHA256)), signature)


def _name(kind, text):
    return tlv(0x31, tlv(0x30, oid(kind), tlv(0x0C, text.encode())))
