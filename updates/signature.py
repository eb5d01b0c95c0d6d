"""RSASSA-PSS with SHA-256, MGF1 of the same, 32 bytes of salt, keys of 3072 bits and exponent 65537 (x509/rsa.py)."""

import binascii
import hashlib

from micropython import const

_KEY_BYTES = const(384)
_SALT_BYTES = const(32)
_MAX_LINE = const(80)
_MAX_LINES = const(20)
# A SubjectPublicKeyInfo in DER: this, the modulus, and the exponent.
_BEFORE_MODULUS = b"308201a2300d06092a864886f70d01010105000382018f003082018a0282018100"
_EXPONENT = b"0203010001"


def public_key(path):
    """The modulus of the key in the PEM file `path`. OSError; ValueError when it is not such a key."""
    der = _read(path)
    before = binascii.unhexlify(_BEFORE_MODULUS)
    modulus = der[len(before) : -5]
    if der[: len(before)] != before or binascii.hexlify(der[-5:]) != _EXPONENT or len(modulus) != _KEY_BYTES:
        raise ValueError("no RSA key of 3072 bits with the exponent 65537")
    if not modulus[0] & 0x80:
        raise ValueError("the modulus has fewer than 3072 bits")
    return int.from_bytes(modulus, "big")


def _read(path):
    """The DER in the PEM file `path`, line by line: a board may have no larger piece of memory for it."""
    der, inside = b"", False
    with open(path, "rb") as file:
        for _ in range(_MAX_LINES):
            line = file.readline(_MAX_LINE).strip()
            if not inside and line:
                if line != b"-----BEGIN PUBLIC KEY-----":
                    break
                inside = True
            elif line == b"-----END PUBLIC KEY-----":
                if file.read(_MAX_LINE).strip():
                    break
                return der
            else:
                der += binascii.a2b_base64(line)
    raise ValueError("no public key in PEM")


def is_valid(modulus, message, signature):
    """Whether `signature` (bytes) is one of `message` (bytes) by the key with this modulus."""
    from x509 import rsa

    return rsa.is_pss(modulus, 65537, "SHA256", hashlib.sha256(message).digest(), signature, _SALT_BYTES)
