"""Signatures by public keys, whatever their kind, and which keys are strong enough (A00.FR.501 to 504)."""

from micropython import const

from x509 import CertificateError

_MIN_RSA_BITS = const(2048)
# One product of numbers of so many bits is one call in C, of some 15 ms.
_MAX_RSA_BITS = const(4096)
_MAX_EXPONENT = const(65537)


def check_key(key):
    """CertificateError "unsupported" or "key" if `key` (Certificate.key) is not known here, too weak or too large."""
    if key[0] in ("P-256", "P-384"):
        return
    if key[0] != "RSA":
        raise CertificateError("unsupported", "The kind of key %s is not known." % key[0])
    modulus, exponent = key[1], key[2]
    if not modulus >> _MIN_RSA_BITS - 1:
        raise CertificateError("key", "An RSA key has fewer than %d bits." % _MIN_RSA_BITS)
    if modulus >> _MAX_RSA_BITS:
        raise CertificateError("unsupported", "An RSA key has more than %d bits." % _MAX_RSA_BITS)
    if not modulus & exponent & 1 or not 3 <= exponent <= _MAX_EXPONENT:
        raise CertificateError("key", "The exponent of an RSA key is not odd, or not from 3 to %d." % _MAX_EXPONENT)


def check_known(key, algorithm):
    """CertificateError "unsupported" or "key" unless is_valid() can tell."""
    check_key(key)
    kind, hashed, _ = algorithm
    if hashed is None:
        raise CertificateError("unsupported", "The signature algorithm %s is not known, or not safe." % kind)
    if (key[0] == "RSA") == (kind == "ECDSA"):
        raise CertificateError("signature", "A signature with %s is not one by a key of the kind %s." % (kind, key[0]))


def is_valid(key, algorithm, digest, signature):
    """Whether `signature` is one of what has this digest. `key`: as in Certificate.key; `algorithm`: (kind, hash, salt
    bytes) as in Certificate.signature_algorithm; salt None: of any length. CertificateError as check_known()."""
    check_known(key, algorithm)
    kind, hashed, salt = algorithm
    if kind == "ECDSA":
        from x509 import ecdsa

        return ecdsa.is_valid(key[0], key[1], digest, signature)
    from x509 import rsa

    if kind == "PSS":
        return rsa.is_pss(key[1], key[2], hashed, digest, signature, salt)
    return rsa.is_pkcs1(key[1], key[2], hashed, digest, signature)
