"""Certificates for the unit tests, made on the spot: keys of P-256, signed with SHA-256."""

import hashlib

from x509 import pem
from x509.curve import Curve
from x509.encode import integer, oid, tlv

CURVE = Curve("P-256")
TO_2049 = "491231235959Z"
_ECDSA = tlv(0x30, oid("1.2.840.10045.4.3.2"))
_EC_KEY = tlv(0x30, oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
_CA_USAGE = tlv(0x03, b"\x01\x06")  # keyCertSign and cRLSign
_END_USAGE = tlv(0x03, b"\x07\x80")  # digitalSignature


class Key:
    """A key pair; `number` is the private one."""

    def __init__(self, number):
        self.number = number
        self.point = CURVE.content(CURVE.total([(number, CURVE.base)]))

    @property
    def private(self):
        """The bytes of the number."""
        return self.number.to_bytes(32, "big")

    def sign(self, content):
        """The ECDSA signature of `content`, DER; its nonce is good enough for a test."""
        digest = hashlib.sha256(content).digest()
        nonce = int.from_bytes(hashlib.sha256(self.private + digest).digest(), "big") % CURVE.n
        r = CURVE.total([(nonce, CURVE.base)])[0] % CURVE.n
        s = pow(nonce, CURVE.n - 2, CURVE.n) * (int.from_bytes(digest, "big") + r * self.number) % CURVE.n
        return tlv(0x30, integer(r), integer(s))


def name(common_name, organization):
    pairs = (("2.5.4.10", organization), ("2.5.4.3", common_name))
    return tlv(0x30, *[_pair(kind, text) for kind, text in pairs if text is not None])


def _pair(kind, text):
    return tlv(0x31, tlv(0x30, oid(kind), tlv(0x0C, text.encode())))


class Authority:
    """A CA with a certificate of its own, `der`; by `issuer`, another Authority, or by itself."""

    def __init__(self, common_name, number, issuer=None, **options):
        self.name, self.key = name(common_name, "Operator"), Key(number)
        self.der = (issuer or self).sign(self.name, self.key.point, serial=number, ca=True, **options)
        self.pem = pem.pem("CERTIFICATE", self.der)

    def sign(self, subject, point, serial=7, ca=False, begins="200101000000Z", ends=TO_2049):
        """DER of a certificate for the public key with the bytes `point`; times as in UTCTime."""
        usage = _CA_USAGE if ca else _END_USAGE
        constraints = tlv(0x30, b"\x01\x01\xff") if ca else tlv(0x30)
        extensions = tlv(0x30, _extension("2.5.29.19", constraints), _extension("2.5.29.15", usage))
        body = tlv(
            0x30,
            tlv(0xA0, integer(2)),
            integer(serial),
            _ECDSA,
            self.name,
            tlv(0x30, tlv(0x17, begins.encode()), tlv(0x17, ends.encode())),
            subject,
            tlv(0x30, _EC_KEY, tlv(0x03, b"\x00" + point)),
            tlv(0xA3, extensions),
        )
        return tlv(0x30, body, _ECDSA, tlv(0x03, b"\x00" + self.key.sign(body)))


def _extension(kind, content):
    return tlv(0x30, oid(kind), b"\x01\x01\xff", tlv(0x04, content))


def chain(*ders):
    """The PEM text of certificates."""
    return "".join([pem.pem("CERTIFICATE", der) for der in ders])
