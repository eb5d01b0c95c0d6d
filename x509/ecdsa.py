"""ECDSA signatures, verifying (FIPS 186-4 6.4, SEC 1 4.1.4)."""

from x509 import CertificateError
from x509.der import SEQUENCE, Reader
from x509.power import power


def is_valid(name, content, digest, signature):
    """Whether `signature`, DER of r and s, is one of what has this digest, by the key whose point has the bytes
    `content` on the curve `name`, "P-256" or "P-384"."""
    from x509.curve import Curve

    curve = Curve(name)
    point = curve.point(content)
    numbers = _numbers(signature)
    if not point or not numbers:
        return False
    r, s = numbers
    n = curve.n
    if not (0 < r < n and 0 < s < n):
        return False
    inverse = power(s, n - 2, n)
    number = int.from_bytes(digest[: curve.size], "big")
    found = curve.total([(number * inverse % n, curve.base), (r * inverse % n, point)])
    return bool(found) and found[0] % n == r


def _numbers(signature):
    """(r, s) of a signature in DER; None if it is none."""
    try:
        whole = Reader(signature)
        pair = whole.open(SEQUENCE)
        whole.done()
        r, s = pair.integer(), pair.integer()
        pair.done()
    except CertificateError:
        return None
    return int.from_bytes(r, "big"), int.from_bytes(s, "big")
