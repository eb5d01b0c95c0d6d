"""updates/signature.py: RSASSA-PSS against published vectors, and against a key and signatures of PyPI cryptography."""

import binascii

from helpers import folder, raises

from updates import signature

VECTORS = "tests/unit/updates/pss_vectors.txt"
KEYS = "tests/unit/updates/signed.txt"


def lines(path):
    with open(path) as file:
        return [line.split() for line in file if not line.startswith("#")]


def unhex(text):
    return b"" if text == "-" else binascii.unhexlify(text)


def test_the_published_vectors():
    """59 of Project Wycheproof: valid ones, changed padding, salts of other lengths, s >= n, wrong lengths, PKCS #1
    v1.5."""
    (modulus,), *cases = lines(VECTORS)
    modulus = int(modulus, 16)
    assert len(cases) == 59
    for number, result, message, signed in cases:
        assert signature.is_valid(modulus, unhex(message), unhex(signed)) == (result == "valid"), number
    assert sum([case[1] == "valid" for case in cases]) == 14


def test_what_the_package_cryptography_signs():
    """Each line: what was unusual, whether it is valid, message, signature."""
    (_, modulus), *cases = lines(KEYS)
    modulus = int(modulus, 16)
    for what, result, message, signed in cases:
        assert signature.is_valid(modulus, unhex(message), unhex(signed)) == (result == "valid"), what
    assert len(cases) == 9


def test_every_changed_bit_is_seen():
    (_, modulus), case, *_ = lines(KEYS)
    message, good = unhex(case[2]), unhex(case[3])
    modulus = int(modulus, 16)
    for at in range(0, len(good), 48):
        for bit in (1, 128):
            bad = good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :]
            assert not signature.is_valid(modulus, message, bad)
    for at in range(len(message)):
        changed = message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :]
        assert not signature.is_valid(modulus, changed, good)


def pem(der):
    text = binascii.b2a_base64(der).decode().strip()
    return "\n".join(["-----BEGIN PUBLIC KEY-----"] + [text[at : at + 64] for at in range(0, len(text), 64)]
                     + ["-----END PUBLIC KEY-----", ""])


def written(text):
    path = folder("signature") + "/update.pub"
    with open(path, "w") as file:
        file.write(text)
    return path


def der(modulus, before=signature._BEFORE_MODULUS, exponent=b"0203010001"):
    return binascii.unhexlify(before) + modulus.to_bytes(384, "big") + binascii.unhexlify(exponent)


def test_the_key_file_is_pem():
    modulus = int(lines(KEYS)[0][1], 16)
    good = pem(der(modulus))
    assert signature.public_key(written(good)) == modulus
    assert signature.public_key(written(good.replace("\n", "\r\n"))) == modulus
    assert signature.public_key(written("\n \n" + good + "\n\n")) == modulus
    raises(OSError, signature.public_key, written(good) + ".not")


def test_any_other_key_file_is_refused():
    modulus = int(lines(KEYS)[0][1], 16)
    good = pem(der(modulus))
    small = pem(der(modulus & (1 << 3071) - 1))
    bad = ["", "\n", good[:200], good[30:], "PRIVATE".join(good.split("PUBLIC")), good.replace("A", "B", 1), small,
           pem(der(modulus)[:-1]), pem(der(modulus) + b"\0"), pem(der(modulus, exponent=b"0203010003")), "x" * 5000,
           good + "more", good + good, "more\n" + good]
    for text in bad:
        raises(ValueError, signature.public_key, written(text))
