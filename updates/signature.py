"""RSASSA-PSS with SHA-256, MGF1 of the same, 32 bytes of salt, keys of 3072 bits and exponent 65537 (RFC 8017 8.1.2).

The one pow() takes 177 ms on an ESP32. It is a single call in C: the safety loop is late by that once an update.
"""

import binascii
import hashlib

from micropython import const

_KEY_BYTES = const(384)
_HASH_BYTES = const(32)
_MASKED_BYTES = const(351)  # _KEY_BYTES - _HASH_BYTES - 1
_PADDING_BYTES = const(318)  # _MASKED_BYTES - salt - 1
_MAX_PEM = const(1024)
# A SubjectPublicKeyInfo in DER: this, the modulus, and the exponent.
_BEFORE_MODULUS = b"308201a2300d06092a864886f70d01010105000382018f003082018a0282018100"
_EXPONENT = b"0203010001"


def public_key(path):
    """The modulus of the key in the PEM file `path`. OSError; ValueError when it is not such a key."""
    with open(path) as file:
        lines = file.read(_MAX_PEM).strip().split("\n")
    if lines[0].strip() != "-----BEGIN PUBLIC KEY-----" or lines[-1].strip() != "-----END PUBLIC KEY-----":
        raise ValueError("no public key in PEM")
    der = binascii.a2b_base64("".join([line.strip() for line in lines[1:-1]]))
    before = binascii.unhexlify(_BEFORE_MODULUS)
    modulus = der[len(before) : -5]
    if der[: len(before)] != before or binascii.hexlify(der[-5:]) != _EXPONENT or len(modulus) != _KEY_BYTES:
        raise ValueError("no RSA key of 3072 bits with the exponent 65537")
    if not modulus[0] & 0x80:
        raise ValueError("the modulus has fewer than 3072 bits")
    return int.from_bytes(modulus, "big")


def is_valid(modulus, message, signature):
    """Whether `signature` (bytes) is one of `message` (bytes) by the key with this modulus."""
    if len(signature) != _KEY_BYTES:
        return False
    number = int.from_bytes(signature, "big")
    if number >= modulus:
        return False
    encoded = pow(number, 65537, modulus).to_bytes(_KEY_BYTES, "big")
    return _is_encoding(encoded, hashlib.sha256(message).digest())


def _is_encoding(encoded, digest):
    """Whether `encoded` is an EMSA-PSS encoding of 3071 bits of what has this digest (RFC 8017 9.1.2)."""
    if encoded[0] & 0x80 or encoded[-1] != 0xBC:
        return False
    proof = encoded[_MASKED_BYTES:-1]
    block = _unmasked(encoded[:_MASKED_BYTES], proof)
    block[0] &= 0x7F
    if any(block[:_PADDING_BYTES]) or block[_PADDING_BYTES] != 1:
        return False
    return hashlib.sha256(bytes(8) + digest + block[_PADDING_BYTES + 1 :]).digest() == proof


def _unmasked(masked, seed):
    """`masked` without the mask that MGF1 makes of `seed` (RFC 8017 B.2.1), as bytearray."""
    block = bytearray(masked)
    for at in range(0, len(block), _HASH_BYTES):
        mask = hashlib.sha256(seed + (at // _HASH_BYTES).to_bytes(4, "big")).digest()
        for index in range(min(_HASH_BYTES, len(block) - at)):
            block[at + index] ^= mask[index]
    return block
