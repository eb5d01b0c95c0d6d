# without coverage: 10,000 certificates would take minutes with it
"""x509/: whatever the bytes of a certificate are, nothing but CertificateError is raised, and no memory is kept."""

import gc
import sys

from vectors import path
from x509 import CertificateError, certificate, hash_data, hosts, pem, verify
from x509.der import text

SEEDS = ("cryptography.io.pem", "ecdsa_root.pem", "letsencryptx3.pem", "wildcard_san.pem", "custom/rsa_pss_cert.pem",
         "custom/all_key_usages.pem", "custom/ca/rsa_ca.pem", "custom/ca/ca.pem", "custom/utf8_common_name.pem")
COUNT = 10000
NOW = 1795953600


class Chance:
    """Numbers by chance, the same in each run (Marsaglia's xorshift)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state ^= self.state << 13 & 0xFFFFFFFF
        self.state ^= self.state >> 17
        self.state ^= self.state << 5 & 0xFFFFFFFF
        return self.state % limit


def seeds():
    found = []
    for name in SEEDS:
        with open(path("x509/" + name)) as file:
            found.append(pem.only(file.read())[0])
    return found


def elements(der, at=0, end=None, depth=0):
    """The places where elements begin, those within others too."""
    end = len(der) if end is None else end
    found = []
    while at + 2 <= end:
        start, length = at, der[at + 1]
        at += 2
        if length > 0x80:
            size = length - 0x80
            length = int.from_bytes(der[at : at + size], "big")
            at += size
        if at + length > end:
            break
        found.append(start)
        if der[start] & 0x20 and depth < 12:
            found += elements(der, at, at + length, depth + 1)
        at += length
    return found


def mutated(der, places, other, chance):
    """`der` with one to four changes, half of them at heads of elements."""
    der = bytearray(der)
    for _ in range(1 + chance.below(4)):
        at = places[chance.below(len(places))] + chance.below(3) if chance.below(2) else chance.below(len(der))
        at = min(at, len(der) - 1)
        kind = chance.below(8)
        if kind < 2:
            der[at] ^= 1 << chance.below(8)
        elif kind == 2:
            der[at] = (0, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF, 0x30)[chance.below(8)]
        elif kind == 3:
            der[at] = chance.below(256)
        elif kind == 4:
            der = der[:at] + der[at + 1 + chance.below(16) :]
        elif kind == 5:
            der = der[:at] + other[at : at + 1 + chance.below(16)] + der[at:]
        elif kind == 6:
            begin = chance.below(len(other))
            der = der[:at] + other[begin : begin + 8] + der[at + 8 :]
        else:
            der = der[: max(1, at)]
        if not der:
            break
    return bytes(der)


def use(der, original):
    """All that is done with a certificate, also as the issuer of the one that it was made of; how far it went."""
    try:
        found = certificate.read(der)
    except CertificateError as error:
        return error.reason
    hash_data.of(found, found)
    verify.name(found)
    reasons = ["read"]
    for function, arguments in ((verify.chain, ([found], [original], NOW, "server")),
                                (verify.chain, ([original], [found], NOW)),
                                (verify.host, (found, "cryptography.io"))):
        try:
            function(*arguments)
        except CertificateError as error:
            reasons.append(error.reason)
    return " ".join(sorted(set(reasons)))


def memory():
    gc.collect()
    return gc.mem_alloc() if sys.implementation.name == "micropython" else 0


def test_mutated_certificates():
    ders = seeds()
    places = [elements(der) for der in ders]
    assert min([len(found) for found in places]) > 20
    originals = [certificate.read(der) for der in ders]
    chance, counts, before = Chance(20261129), {}, None
    for number in range(COUNT):
        which = chance.below(len(ders))
        result = use(mutated(ders[which], places[which], ders[chance.below(len(ders))], chance), originals[which])
        for reason in result.split():
            counts[reason] = counts.get(reason, 0) + 1
        if number == COUNT // 10:
            before = memory()
    for reason in ("read", "unsupported", "signature", "issuer", "dates", "ca", "key", "host"):
        assert reason in counts, counts
    assert COUNT // 10 < counts["malformed"] < COUNT * 9 // 10, counts
    assert memory() - before < 512, "memory is kept"


def test_letters_of_names_are_not_kept():
    """MicroPython keeps names, and some ways to take a text apart make names of its letters."""
    found = certificate.Certificate()
    before = None
    for start in range(0x100, 0xD000, 64):
        letters = b"".join([number.to_bytes(2, "big") for number in range(start, start + 64)])
        found.common_name = text(0x1E, letters)
        assert verify.name(found)[1:-1] == found.common_name
        hosts.is_among(found.common_name, [found.common_name], [])
        try:
            pem.blocks("-----BEGIN X-----%s-----END X-----" % found.common_name)
        except CertificateError:
            pass
        before = before or memory()
    assert memory() - before < 256, "letters are kept"


def test_every_certificate_that_is_cut_off():
    for der in seeds():
        for end in range(len(der)):
            try:
                certificate.read(der[:end])
            except CertificateError:
                continue
            raise AssertionError(end)


def test_bytes_by_chance():
    chance = Chance(7)
    for size in list(range(64)) + [8192, 8193, 20000]:
        for _ in range(8):
            der = bytes([chance.below(256) for _ in range(size)])
            for content in (der, b"\x30\x82" + size.to_bytes(2, "big") + der):
                try:
                    certificate.read(content)
                except CertificateError:
                    continue
                raise AssertionError(content)
