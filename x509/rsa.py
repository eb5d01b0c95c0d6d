"""RSA signatures: RSASSA-PKCS1-v1_5 and RSASSA-PSS, verifying only (RFC 8017 8.1.2, 8.2.2)."""

import binascii

from x509 import hashing
from x509.power import power

# DigestInfo up to the digest.
_PREFIXES = {
    "SHA256": "3031300d060960864801650304020105000420",
    "SHA384": "3041300d060960864801650304020205000430",
    "SHA512": "3051300d060960864801650304020305000440",
}


def _opened(modulus, e, signature):
    """The encoded message in a signature, as many bytes as the modulus has; None."""
    size = len(signature)
    if not size or modulus >> 8 * size or not modulus >> 8 * size - 8:
        return None
    number = int.from_bytes(signature, "big")
    if number >= modulus:
        return None
    return power(number, e, modulus).to_bytes(size, "big")


def is_pkcs1(modulus, e, name, digest, signature):
    """Whether `signature` is one with PKCS #1 v1.5 of what has this digest, made by the hash `name`."""
    encoded = _opened(modulus, e, signature)
    if encoded is None:
        return False
    info = binascii.unhexlify(_PREFIXES[name]) + digest
    padding = len(encoded) - len(info) - 3
    return padding >= 8 and encoded == b"\x00\x01" + b"\xff" * padding + b"\x00" + info


def is_pss(modulus, e, name, digest, signature, salt):
    """Whether `signature` is one with PSS of what has this digest. `salt`: its bytes; None: any number."""
    encoded = _opened(modulus, e, signature)
    if encoded is None:
        return False
    spare = 1  # bits of the first byte that are not used: the encoding has one less than the modulus
    while not modulus >> 8 * len(encoded) - spare:
        spare += 1
    if spare == 8:
        if encoded[0]:
            return False
        encoded, spare = encoded[1:], 0
    return _is_encoding(encoded, spare, name, digest, salt)


def _is_encoding(encoded, spare, name, digest, salt):
    """Whether `encoded` is an EMSA-PSS encoding of this digest, of whose first byte `spare` bits are 0 (RFC 8017
    9.1.2)."""
    masked = len(encoded) - len(digest) - 1
    if masked < 1 + (salt or 0) or encoded[-1] != 0xBC or encoded[0] >> 8 - spare:
        return False
    proof = encoded[masked:-1]
    block = _unmasked(encoded[:masked], proof, name)
    block[0] &= 0xFF >> spare
    begin = 0
    while begin < masked and not block[begin]:
        begin += 1
    if begin == masked or block[begin] != 1 or salt is not None and masked - begin - 1 != salt:
        return False
    return hashing.digest(name, bytes(8) + digest + block[begin + 1 :]) == proof


def _unmasked(masked, seed, name):
    """`masked` without the mask that MGF1 makes of `seed` (RFC 8017 B.2.1), as bytearray."""
    block, size = bytearray(masked), len(seed)
    for at in range(0, len(block), size):
        mask = hashing.digest(name, seed + (at // size).to_bytes(4, "big"))
        for index in range(min(size, len(block) - at)):
            block[at + index] ^= mask[index]
    return block
