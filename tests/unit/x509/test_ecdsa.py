# without coverage: the vectors are many
"""x509/curve.py and ecdsa.py against published vectors (NIST CAVP, Wycheproof)."""

from vectors import lines, point_of, records, signature_of, unhex
from x509 import ecdsa, hashing
from x509.curve import Curve

FIPS = "asymmetric/ECDSA/FIPS_186-3/"
HASHES = (("SHA-256", "SHA256"), ("SHA-384", "SHA384"), ("SHA-512", "SHA512"))


def test_public_keys_of_nist():
    count = 0
    for record in records(FIPS + "PKV.rsp", "[P-256"):
        content = point_of(record)
        assert (Curve("P-256").point(content) is not None) == (record["Result"][0] == "P"), record["Result"]
        count += 1
    assert count == 12


def test_signatures_of_nist_are_judged():
    """FIPS 186-3 SigVer: messages, keys, r and s that were changed. And P-384."""
    for curve in ("P-256", "P-384"):
        for section, name in HASHES:
            counts = [0, 0]
            for record in records(FIPS + "SigVer.rsp", "[%s,%s]" % (curve, section)):
                digest = hashing.digest(name, unhex(record["Msg"]))
                good = ecdsa.is_valid(curve, point_of(record), digest, signature_of(record))
                assert good == (record["Result"][0] == "P"), record
                counts[good] += 1
            assert min(counts) > 0 and sum(counts) == 15, (curve, name, counts)


def test_signatures_of_wycheproof():
    count = 0
    for words in lines("tests/unit/x509/wycheproof_ecdsa.txt"):
        if words[0] == "key":
            _, curve, name, point = words
            continue
        case, result, message, signed = words
        good = ecdsa.is_valid(curve, unhex(point), hashing.digest(name, unhex(message)), unhex(signed))
        assert good == (result == "valid"), (curve, case)
        count += 1
    assert count == 598


def test_sums_that_meet_infinity_or_the_same_point():
    curve = Curve("P-256")
    n, base = curve.n, curve.base
    negative = base[0], curve.prime - base[1]
    assert curve.total([(1, base)]) == base
    assert curve.total([(n - 1, base)]) == negative
    assert curve.total([(0, base)]) is None
    assert curve.total([(5, base), (5, negative)]) is None
    assert curve.total([(1, base), (1, base)]) == curve.total([(2, base)]) == curve.total([(n - 2, negative)])
    assert curve.total([(n - 1, base), (1, base)]) is None
    assert curve.total([(7, base), (n - 4, base)]) == curve.total([(3, base)])


def test_sums_are_those_of_single_additions():
    """Small numbers, of which each window is met."""
    curve = Curve("P-256")
    last = None
    for times in range(1, 40):
        this = curve.total([(times, curve.base)])
        content = curve.content(this)
        assert curve.point(content) == this
        assert times == 1 or this == curve.total([(1, last), (1, curve.base)])
        last = this


def test_points_that_are_none():
    curve = Curve("P-256")
    good = curve.content(curve.base)
    bad = [b"", b"\x00", good[:-1], good + b"\x00", b"\x02" + good[1:33], b"\x06" + good[1:], good[:-1] + b"\x00",
           b"\x04" + bytes(64), b"\x04" + b"\xff" * 64]
    for content in bad:
        assert curve.point(content) is None
    assert curve.point(b"\x04" + (curve.base[0] + curve.prime & (1 << 256) - 1).to_bytes(32, "big") + good[33:]) is None
