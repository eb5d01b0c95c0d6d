# without coverage: the vectors are many
"""x509/rsa.py and sha512.py against published vectors (NIST CAVP, Wycheproof)."""

import binascii

from vectors import lines, records, unhex
from x509 import hashing, rsa, signatures

FIPS = "asymmetric/RSA/FIPS_186-2/"
KNOWN = ("SHA256", "SHA384", "SHA512")


def judged(name, kind):
    """How many good and bad signatures of a file have been recognized: CAVP with 2048 bits, SHA-256 and more."""
    counts = [0, 0]
    for record in records(FIPS + name, "[mod = 2048]"):
        if record["SHAAlg"] not in KNOWN:
            continue
        key = "RSA", int(record["n"], 16), int(record["e"], 16)
        if not 3 <= key[2] <= 65537 or not key[2] & 1:
            continue
        digest = hashing.digest(record["SHAAlg"], unhex(record["Msg"]))
        salt = len(unhex(record["SaltVal"])) if kind == "PSS" else None
        good = signatures.is_valid(key, (kind, record["SHAAlg"], salt), digest, unhex(record["S"]))
        assert good == (record["Result"][0] == "P"), record
        if kind == "PSS":
            assert good == signatures.is_valid(key, (kind, record["SHAAlg"], None), digest, unhex(record["S"]))
        counts[good] += 1
    return counts


def test_pkcs1_of_nist():
    counts = judged("SigVer15_186-3.rsp", "RSA")
    assert min(counts) > 0, counts


def test_pss_of_nist():
    counts = judged("SigVerPSS_186-3.rsp", "PSS")
    assert min(counts) > 0, counts


def test_wycheproof():
    """BER in the padding, NULL left out, other hashes, s beyond the modulus and signatures of other lengths."""
    counts = {}
    for words in lines("tests/unit/x509/wycheproof_rsa.txt"):
        if words[0] == "key":
            _, kind, name, salt, modulus, e = words
            key, salt = ("RSA", int(modulus, 16), int(e, 16)), None if salt == "-" else int(salt)
            continue
        case, result, message, signed = words
        good = signatures.is_valid(key, (kind, name, salt), hashing.digest(name, unhex(message)), unhex(signed))
        assert good == (result == "valid"), (kind, name, case)  # "acceptable", a NULL left out, is not accepted
        counts[good] = counts.get(good, 0) + 1
    assert counts == {False: 187, True: 29}


def test_signatures_of_odd_lengths():
    for modulus in (3 << 2047, (1 << 2048) + 1):
        for signed in (b"", b"\x00", bytes(255), bytes(256), bytes(257), b"\xff" * 256, b"\xff" * 257):
            assert not rsa.is_pkcs1(modulus, 3, "SHA256", bytes(32), signed)
            assert not rsa.is_pss(modulus, 3, "SHA256", bytes(32), signed, None)


def test_sha_384_and_512_of_nist():
    for name in ("SHA384", "SHA512"):
        count = 0
        for file in ("hashes/SHA2/%sShortMsg.rsp" % name, "hashes/SHA2/%sLongMsg.rsp" % name):
            for at, record in enumerate(records(file)):
                length = int(record["Len"])
                if length <= 2048 or at % 32 == 0:
                    message = unhex(record["Msg"])[: length // 8]
                    assert binascii.hexlify(hashing.digest(name, message)).decode() == record["MD"], (name, length)
                    count += 1
        assert count > 128, count
