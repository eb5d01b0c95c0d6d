"""The algorithms and keys that certificates name, and which of them are known here."""

from micropython import const

from x509.der import SEQUENCE, Reader, malformed

_NULL = const(0x05)
_MAX_KEY_BYTES = const(1024)
# kind, hash; of PSS the parameters say which.
_SIGNATURES = """
1.2.840.113549.1.1.11 RSA SHA256
1.2.840.113549.1.1.12 RSA SHA384
1.2.840.113549.1.1.13 RSA SHA512
1.2.840.113549.1.1.10 PSS -
1.2.840.10045.4.3.2 ECDSA SHA256
1.2.840.10045.4.3.3 ECDSA SHA384
1.2.840.10045.4.3.4 ECDSA SHA512
1.2.840.113549.1.1.5 SHA-1 -
1.2.840.10045.4.1 SHA-1 -
1.2.840.113549.1.1.4 MD5 -
"""
_HASHES = """
2.16.840.1.101.3.4.2.1 SHA256
2.16.840.1.101.3.4.2.2 SHA384
2.16.840.1.101.3.4.2.3 SHA512
"""
_CURVES = """
1.2.840.10045.3.1.7 P-256
1.3.132.0.34 P-384
"""
_RSA = "1.2.840.113549.1.1.1"
_EC = "1.2.840.10045.2.1"
_MGF1 = "1.2.840.113549.1.1.8"


def _known(table, name):
    """The words behind `name` in a table; None."""
    for line in table.split("\n"):
        words = line.split()
        if words and words[0] == name:
            return words[1:]
    return None


def signature(der):
    """(kind, hash, salt bytes) of an AlgorithmIdentifier: ("RSA", "SHA256", None), ("PSS", "SHA256", 32), ("ECDSA",
    "SHA256", None); (name or OID, None, None) of what is not known."""
    algorithm = Reader(der).open(SEQUENCE)
    name = algorithm.oid()
    found = _known(_SIGNATURES, name)
    if not found or found[1] == "-" and found[0] != "PSS":
        return found[0] if found else name, None, None
    if found[0] == "PSS":
        return _pss(algorithm)
    if algorithm.tag() is not None:  # with RSA it has to be there, with ECDSA some CAs wrote it
        _null(algorithm)
    algorithm.done()
    return found[0], found[1], None


def _null(algorithm):
    if algorithm.value(_NULL):
        raise malformed("a NULL has bytes")


def _pss(algorithm):
    """RSASSA-PSS-params (RFC 4055 3.1): the same hash in message and mask; without parameters it is SHA-1."""
    if algorithm.tag() is None:
        return "PSS with SHA-1", None, None
    parameters = algorithm.open(SEQUENCE)
    algorithm.done()
    hashed, masked, salt, trailer = [parameters.optional(tag) for tag in (0xA0, 0xA1, 0xA2, 0xA3)]
    parameters.done()
    name = _hash(hashed.open(SEQUENCE)) if hashed else None
    mask = masked.open(SEQUENCE) if masked else None
    same = mask and mask.oid() == _MGF1 and _hash(mask.open(SEQUENCE)) == name
    if not name or not same or trailer and trailer.small() != 1:
        return "PSS with other parameters", None, None
    return "PSS", name, salt.small() if salt else 20


def _hash(algorithm):
    found = _known(_HASHES, algorithm.oid())
    if algorithm.tag() is not None:
        _null(algorithm)
    algorithm.done()
    return found and found[0]


def public_key(spki):
    """The key of a SubjectPublicKeyInfo, in DER, as Certificate.key has it. CertificateError "malformed"."""
    whole = Reader(spki)
    info = whole.open(SEQUENCE)
    whole.done()
    algorithm = info.open(SEQUENCE)
    name = algorithm.oid()
    content = info.bits()
    info.done()
    if name == _RSA:
        _null(algorithm)
        algorithm.done()
        return _rsa(content)
    if name == _EC and algorithm.tag() == 0x06:
        curve = algorithm.oid()
        algorithm.done()
        found = _known(_CURVES, curve)
        return (found[0], content) if found else (curve,)
    return (name,)


def _rsa(content):
    whole = Reader(content)
    numbers = whole.open(SEQUENCE)
    whole.done()
    modulus, exponent = numbers.integer(), numbers.integer()
    numbers.done()
    if len(modulus) > _MAX_KEY_BYTES or len(exponent) > _MAX_KEY_BYTES:
        raise malformed("its key has more than %d bits" % (8 * _MAX_KEY_BYTES))
    return "RSA", int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def public_key_bytes(spki):
    """What the BIT STRING of a SubjectPublicKeyInfo has, without tag, length and unused bits (RFC 6960 4.1.1)."""
    info = Reader(spki).open(SEQUENCE)
    info.skip()
    return info.bits()
