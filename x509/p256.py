"""Key pairs of P-256, and signatures with them (FIPS 186-4 B.4.1, RFC 6979).

A private key is a number from 1 to n - 1. Signing takes a nonce from the key and the message (RFC 6979), never from
chance, so a bad source of chance cannot give the key away. How long it takes depends on the numbers, see curve.py.
"""

import hashlib
import os

from micropython import const

from x509 import CertificateError
from x509.curve import Curve
from x509.encode import tlv, integer
from x509.power import power

_SIZE = const(32)
_BLOCK = const(64)


def generate(extra=b""):
    """A new private key from os.urandom() and `extra`, bytes by chance from elsewhere, which make it no worse.
    CertificateError "key" if os.urandom() gives the same twice."""
    first, second = os.urandom(_BLOCK), os.urandom(_BLOCK)
    if first == second:
        raise CertificateError("key", "There is no chance in os.urandom(): no key can be made.")
    # 64 bits more than n has, so that the remainder favours no number by more than 2 ** -64.
    seed = b"".join([hashlib.sha256(part + bytes(extra) + first + second).digest() for part in (b"1", b"2")])[
        : _SIZE + 8
    ]
    return int.from_bytes(seed, "big") % (Curve("P-256").n - 1) + 1


def public(private):
    """The public key as the bytes of a point, as in Certificate.key."""
    curve = Curve("P-256")
    return curve.content(curve.total([(private, curve.base)]))


def matches(private, key):
    """Whether `key` (Certificate.key) belongs to this private key."""
    return key[0] == "P-256" and key[1] == public(private)


def signature(private, message):
    """The signature of `message` (bytes) with SHA-256: DER of r and s."""
    curve = Curve("P-256")
    n = curve.n
    digest = hashlib.sha256(message).digest()
    number = int.from_bytes(digest, "big")
    for nonce in _nonces(private, (number % n).to_bytes(_SIZE, "big"), n):
        r = curve.total([(nonce, curve.base)])[0] % n
        s = power(nonce, n - 2, n) * (number + r * private) % n
        if r and s:
            return tlv(0x30, integer(r), integer(s))


def verify(point, message, signed):
    """Whether `signed` is one of `message` with SHA-256, by the key of these bytes."""
    from x509 import ecdsa

    return ecdsa.is_valid("P-256", point, hashlib.sha256(message).digest(), signed)


def _nonces(private, reduced, n):
    """The nonces of RFC 6979 3.2, one after the other; `reduced`: the digest modulo n."""
    seed = private.to_bytes(_SIZE, "big") + reduced
    key, value = bytes(_SIZE), b"\x01" * _SIZE
    for mark in (b"\x00", b"\x01"):
        key = _hmac(key, value + mark + seed)
        value = _hmac(key, value)
    while True:
        value = _hmac(key, value)
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < n:
            yield nonce
        key = _hmac(key, value + b"\x00")
        value = _hmac(key, value)


def _hmac(key, message):
    """HMAC with SHA-256 (RFC 2104); the key has 32 bytes."""
    inner = bytes([byte ^ 0x36 for byte in key]) + b"\x36" * _SIZE
    outer = bytes([byte ^ 0x5C for byte in key]) + b"\x5c" * _SIZE
    return hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).digest()
