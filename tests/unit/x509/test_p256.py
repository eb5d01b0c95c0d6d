"""x509/p256.py and private_key.py; against published vectors (RFC 6979, NIST CAVP)."""

import binascii
import hashlib

from helpers import raises, replaced
from vectors import number, path, point_of, records, signature_of, unhex
from x509 import CertificateError, p256
from x509.curve import Curve

FIPS = "asymmetric/ECDSA/FIPS_186-3/"
RFC6979 = "asymmetric/ECDSA/RFC6979/evppkey_ecdsa_rfc6979.txt"
# RFC 6979 A.2.5
PRIVATE = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721


def test_signatures_of_rfc_6979():
    """A.2.5, the cases with SHA-256, as the package has them."""
    with open(path(RFC6979)) as file:
        blocks = file.read().split("\n\n")
    found = 0
    for block in blocks:
        if "DigestSign = SHA256\nKey = P-256_PRIV" in block:
            fields = dict([line.split(" = ") for line in block.strip().split("\n") if " = " in line])
            message = fields["Input"].strip('"').encode()
            signed = p256.signature(PRIVATE, message)
            assert signed == unhex(fields["Output"])
            assert p256.verify(p256.public(PRIVATE), message, signed)
            found += 1
    assert found == 2


def test_key_pairs_of_nist():
    count = 0
    for record in records(FIPS + "KeyPair.rsp", "[P-256"):
        assert p256.public(number(record["d"])) == point_of(record)
        count += 1
    assert count == 10


def test_signatures_of_nist_made_with_known_nonces():
    """FIPS 186-3 SigGen: the signature of each key, message and nonce."""
    count = 0
    for record in records(FIPS + "SigGen.txt", "[P-256,SHA-256"):
        with replaced(p256, _nonces=lambda *_, record=record: iter([number(record["k"])])):
            assert p256.signature(number(record["d"]), unhex(record["Msg"])) == signature_of(record)
        count += 1
    assert count == 15


def test_a_key_is_never_the_same_and_always_in_range():
    n = Curve("P-256").n
    found = {p256.generate() for _ in range(50)}
    assert len(found) == 50 and all([0 < private < n for private in found])
    assert len({private >> 248 for private in found}) > 20


class Chance:
    """An os in which chance is known."""

    def __init__(self, *parts):
        self.parts = list(parts)

    def urandom(self, count):
        return self.parts.pop(0) * count


def test_a_key_takes_all_the_chance_there_is():
    def made(first, second, extra=b""):
        with replaced(p256, os=Chance(first, second)):
            return p256.generate(extra)

    assert made(b"a", b"b") == made(b"a", b"b")
    chances = ((b"a", b"b"), (b"a", b"c"), (b"c", b"b"), (b"a", b"b", b"x"), (b"a", b"b", b"y"))
    assert len({made(*chance) for chance in chances}) == 5
    error = raises(CertificateError, made, b"a", b"a", b"x")
    assert error.reason == "key"


def test_a_key_matches_its_own_public_key_alone():
    private = p256.generate()
    point = p256.public(private)
    assert p256.matches(private, ("P-256", point))
    for key in (("P-256", p256.public(private % 1000 + 1)), ("P-384", point), ("RSA", 3, 5), ("1.2.3",)):
        assert not p256.matches(private, key)


def test_a_signature_is_of_one_message_and_one_key():
    private = p256.generate()
    point, signed = p256.public(private), p256.signature(private, b"message")
    assert p256.verify(point, b"message", signed)
    assert not p256.verify(point, b"Message", signed)
    assert not p256.verify(p256.public(p256.generate()), b"message", signed)
    for at in range(len(signed)):
        assert not p256.verify(point, b"message", signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
        assert not p256.verify(point, b"message", signed[:at])
    assert p256.signature(private, b"message") == signed


def test_nonces_go_on_where_one_cannot_be_used():
    """RFC 6979 3.2 h: the first one is not below n here."""
    nonces = p256._nonces(PRIVATE, hashlib.sha256(b"sample").digest(), 1 << 256)
    first, *later = [next(nonces) for _ in range(8)]
    expected = b"a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"
    assert binascii.hexlify(first.to_bytes(32, "big")) == expected
    limited = p256._nonces(PRIVATE, hashlib.sha256(b"sample").digest(), first)
    assert next(limited) == [nonce for nonce in later if nonce < first][0]


def test_the_private_key_as_der():
    from x509 import private_key

    point = p256.public(PRIVATE)
    content = private_key.der(PRIVATE, point)
    assert private_key.read(content) == (PRIVATE, point)
    for bad in (b"", content[:-1], content + b"\0", content.replace(b"\x02\x01\x01", b"\x02\x01\x02"), b"-----BEGIN"):
        error = raises(CertificateError, private_key.read, bad)
        assert (error.reason, str(error)) == ("malformed", "The private key cannot be read.")
