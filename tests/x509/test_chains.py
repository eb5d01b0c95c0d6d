"""x509/verify.py, chain(): good chains, and the sentence for each fault (A00.FR.307, 309, 411, 501 to 504)."""

import copy

import pytest
from authorities import DAY, NOW, Holder, chain_arguments, root, server
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

SHA1_SIGNED = "The signature algorithm SHA-1 is not known, or not safe."


def accepted(judge, certificates, roots, usage=None, **options):
    """The name of the root at which the chain ends."""
    answer = judge("chain", *chain_arguments(certificates, roots, usage, **options))
    assert isinstance(answer, str), answer
    (found,) = {holder.subject for holder in roots if holder.subject.public_bytes().hex() == answer}
    return found.rfc4514_string()


def refused(judge, certificates, roots, usage=None, **options):
    """(reason, sentence)."""
    answer = judge("chain", *chain_arguments(certificates, roots, usage, **options))
    assert isinstance(answer, dict), "accepted"
    return answer["reason"], answer["error"]


@pytest.mark.parametrize("hashed", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda one: one.name)
@pytest.mark.parametrize("kind", ["P-256", "P-384", 2048])
def test_each_kind_of_key_with_each_hash(judge, kind, hashed):
    ca = root("Root", kind=kind)
    assert accepted(judge, [server(ca, hashed=hashed)], [ca], "server") == "CN=Root"


@pytest.mark.parametrize("salt", [0, 20, 32, padding.PSS.MAX_LENGTH], ids=["0", "20", "32", "longest"])
@pytest.mark.parametrize("hashed", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda one: one.name)
def test_rsa_pss_with_each_hash(judge, hashed, salt):
    ca = root("Root", kind=2048)
    assert accepted(judge, [server(ca, hashed=hashed, pss=salt)], [ca], "server") == "CN=Root"


@pytest.mark.parametrize("bits", [2048, 2049, 2055, 3072, 4096])
def test_rsa_keys_of_any_length_from_2048_to_4096_bits(judge, bits):
    ca = root("Root", kind=bits)
    assert accepted(judge, [server(ca)], [ca]) == "CN=Root"
    assert accepted(judge, [server(ca, pss=32)], [ca]) == "CN=Root"


def test_a_weak_or_a_huge_key_is_refused(judge):
    ca = root("Root")
    short = server(ca, kind=2040)
    assert refused(judge, [short], [ca]) == ("key", "An RSA key has fewer than 2048 bits.")
    weak = root("Weak", kind=1024)
    assert refused(judge, [server(weak)], [weak]) == ("key", "An RSA key has fewer than 2048 bits.")
    large = root("Large", kind=4104)
    assert refused(judge, [server(large)], [large]) == ("unsupported", "An RSA key has more than 4096 bits.")


def test_an_unknown_kind_of_key_is_refused(judge):
    ca = root("Root", kind="P-521")
    assert refused(judge, [server(ca)], [ca]) == ("unsupported", "The kind of key 1.3.132.0.35 is not known.")


def test_a_signature_with_sha_1_is_refused_but_not_the_root_that_has_signed_itself_so(judge):
    """The package signs with SHA-1 no more: the certificates say so only."""
    ca = root("Root", kind=2048)
    end = with_sha_1(server(ca))
    assert refused(judge, [end], [ca]) == ("unsupported", SHA1_SIGNED)
    end, ca = server(ca), with_sha_1(ca)
    assert accepted(judge, [end], [ca]) == "CN=Root"


def with_sha_1(holder):
    """A copy that names SHA-1 with RSA as its algorithm."""
    der = holder.certificate.public_bytes(Encoding.DER)
    changed = der.replace(bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105"))
    assert changed != der
    other = copy.copy(holder)
    other.pem = x509.load_der_x509_certificate(changed).public_bytes(Encoding.PEM).decode()
    return other


def chain_of(count, **options):
    """A root, `count` CAs below it and a server, the last first."""
    holders = [root("Root", **options)]
    for at in range(count):
        holders.append(Holder("CA %d" % at, holders[-1], ca=True))
    holders.append(server(holders[-1]))
    return holders[::-1]


def test_a_chain_of_three_in_any_order(judge):
    end, first, second, ca = chain_of(2)
    assert accepted(judge, [end, first, second], [ca], "server") == "CN=Root"
    assert accepted(judge, [end, second, first], [ca], "server") == "CN=Root"
    assert accepted(judge, [end, second, first, ca], [ca], "server") == "CN=Root"
    assert accepted(judge, [end, second, first, root("Other")], [root("Third"), ca], "server") == "CN=Root"


def test_a_chain_with_a_ca_missing_is_refused(judge):
    end, first, second, ca = chain_of(2)
    assert refused(judge, [end, first], [ca]) == ("issuer", 'The CA that has signed "CA 1" is not installed.')
    assert refused(judge, [end], [ca]) == ("issuer", 'The CA that has signed "csms" is not installed.')
    assert refused(judge, [end, first, second], []) == ("issuer", 'The CA that has signed "CA 0" is not installed.')


def test_a_ca_between_may_be_installed_as_root(judge):
    end, first, _, _ = chain_of(2)
    assert accepted(judge, [end], [first], "server") == "CN=CA 1"


def test_a_chain_too_long_is_refused(judge):
    good = chain_of(4)
    assert accepted(judge, good[:-1], good[-1:]) == "CN=Root"
    long = chain_of(5)
    expected = "path", "The chain has 6 certificates, at most 5 are allowed."
    assert refused(judge, long[:-1], long[-1:]) == expected


def test_path_length_counts_the_cas_below(judge):
    for count, length in ((0, 0), (1, 1), (2, 2), (1, 7)):
        holders = chain_of(count, path_length=length)
        assert accepted(judge, holders[:-1], holders[-1:]) == "CN=Root"
    holders = chain_of(2, path_length=1)
    expected = "path", '"Root" allows 1 CAs below it, there are 2.'
    assert refused(judge, holders[:-1], holders[-1:]) == expected


def test_a_self_signed_certificate_is_refused(judge):
    alone = Holder("csms", names=[x509.DNSName("csms.example")])
    expected = "issuer", '"csms" has signed itself, and is no installed root.'
    assert refused(judge, [alone], [root()], "server") == expected


def test_a_server_that_has_signed_itself_is_no_root(judge):
    alone = Holder("csms", names=[x509.DNSName("csms.example")])
    expected = "ca", '"csms" has signed a certificate, but is no CA.'
    assert refused(judge, [alone], [alone], "server") == expected


def test_another_ca_of_the_same_name_is_seen(judge):
    ca, other = root("Root"), root("Root", number=1)
    end = server(ca)
    expected = "signature", 'The signature of "csms" is not by the CA of that name.'
    assert refused(judge, [end], [other]) == expected
    assert accepted(judge, [end], [other, ca]) == "CN=Root"


@pytest.mark.parametrize("kind, most", [("P-256", 15), (2048, 15), ("P-384", 5)])
def test_only_so_many_signatures_are_checked(judge, kind, most):
    """A peer that sends certificates cannot keep the charge point busy until the watchdog resets it."""
    ca = root("Root", kind=kind)
    end, others = server(ca), [root("Root", number=number, kind=kind) for number in range(1, most + 1)]
    assert accepted(judge, [end], [*others[1:], ca]) == "CN=Root"
    expected = "path", 'Too many CAs have the name of the one that has signed "csms".'
    assert refused(judge, [end], [*others, ca]) == expected


def test_a_chain_of_the_slowest_keys_can_be_checked(judge):
    holders = [root("Root", kind="P-384")]
    for at in range(4):
        holders.append(Holder("CA %d" % at, holders[-1], ca=True, kind="P-384"))
    chain = [server(holders[-1]), *holders[:0:-1]]
    assert accepted(judge, chain, holders[:1], "server") == "CN=Root"


def test_who_is_no_ca_has_signed_nothing(judge):
    ca = root()
    for flag in (False, None):
        between = Holder("Middle", ca, ca=flag)
        expected = "ca", '"Middle" has signed a certificate, but is no CA.'
        assert refused(judge, [server(between), between], [ca]) == expected


def test_a_ca_needs_key_cert_sign_if_its_key_usage_is_restricted(judge):
    ca = root(flags=["crl_sign", "digital_signature"])
    expected = "usage", 'The keyUsage of "Root" does not allow to sign certificates.'
    assert refused(judge, [server(ca)], [ca]) == expected
    ca = root("Good", flags=["key_cert_sign"])
    assert accepted(judge, [server(ca)], [ca]) == "CN=Good"


def test_dates_of_every_certificate_count(judge):
    old, new = {"ends": NOW - DAY / 2}, {"begins": NOW + DAY / 2}
    for which in range(3):
        for options, sentence in ((old, "%s has expired."), (new, "%s is not valid yet.")):
            options = [options if at == which else {} for at in range(3)]
            ca = root("Root", **options[0])
            between = Holder("Middle", ca, ca=True, **options[1])
            end = server(between, **options[2])
            name = ('"Root"', '"Middle"', '"csms"')[which]
            assert refused(judge, [end, between], [ca]) == ("dates", sentence % name)


def test_dates_count_by_the_second(judge):
    ca = root(ends=NOW + 1000 * DAY, begins=NOW - 1000 * DAY)
    end = server(ca, begins=NOW - DAY, ends=NOW + DAY)
    second = DAY / 86400
    for moment in (NOW - DAY, NOW + DAY):
        assert accepted(judge, [end], [ca], now=moment) == "CN=Root"
    for moment in (NOW - DAY - second, NOW + DAY + second):
        assert refused(judge, [end], [ca], now=moment)[0] == "dates"


@pytest.mark.parametrize("usage", ["server", "client", "code"])
def test_extended_key_usage(judge, usage):
    ca = root()
    for usages in (None, [usage], ["email", usage], ["any"]):
        assert accepted(judge, [server(ca, usages=usages)], [ca], usage) == "CN=Root"
    others = [other for other in ("server", "client", "code", "email") if other != usage]
    expected = "usage", 'The extendedKeyUsage of "csms" does not allow a %s.' % usage
    assert refused(judge, [server(ca, usages=others)], [ca], usage) == expected
    assert accepted(judge, [server(ca, usages=others)], [ca]) == "CN=Root"


def test_extended_key_usage_of_a_ca_restricts_what_it_signs(judge):
    ca = root(usages=["client"])
    expected = "usage", 'The extendedKeyUsage of "Root" does not allow a server.'
    assert refused(judge, [server(ca)], [ca], "server") == expected
    assert accepted(judge, [server(ca)], [ca], "client") == "CN=Root"


def test_key_usage(judge):
    """A00.FR.512: a server of TLS_RSA has keyEncipherment, all others sign."""
    ca = root()
    assert accepted(judge, [server(ca, flags=["digital_signature"])], [ca], "client") == "CN=Root"
    assert accepted(judge, [server(ca, flags=["key_encipherment"])], [ca], "server") == "CN=Root"
    expected = "usage", 'The keyUsage of "csms" does not allow a client.'
    assert refused(judge, [server(ca, flags=["key_encipherment"])], [ca], "client") == expected
    assert refused(judge, [server(ca, flags=["content_commitment"])], [ca], "server")[0] == "usage"


def test_the_certificate_of_a_ca_is_no_servers(judge):
    ca = root()
    between = Holder("Middle", ca, ca=True, names=[x509.DNSName("csms.example")])
    for usage in ("server", "client", "code"):
        expected = "ca", '"Middle" is the certificate of a CA, and no %s\'s.' % usage
        assert refused(judge, [between], [ca], usage) == expected
    assert accepted(judge, [between], [ca]) == "CN=Root"


def test_an_unknown_critical_extension_is_refused(judge):
    ca, odd = root(), x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert accepted(judge, [server(ca, others=[(odd, False)])], [ca]) == "CN=Root"
    expected = "unsupported", '"csms" has a critical extension that is not known: 1.2.3.4.'
    assert refused(judge, [server(ca, others=[(odd, True)])], [ca]) == expected
    limits = x509.NameConstraints([x509.DNSName("example")], None)
    ca = root("Limited", others=[(limits, True)])
    expected = "unsupported", '"Limited" has a critical extension that is not known: 2.5.29.30.'
    assert refused(judge, [server(ca)], [ca]) == expected


def test_a_name_in_a_sentence_has_no_odd_letters(judge):
    alone = Holder('x"\n\x1b[31m' + 50 * "y", names=[x509.DNSName("csms.example")])
    reason, sentence = refused(judge, [alone], [])
    assert (reason, sentence) == ("issuer", '"x???[31m%s" has signed itself, and is no installed root.' % (50 * "y"))
