"""x509/certificate.py, read(): what it says of a certificate, against the package `cryptography`."""

import datetime
import ipaddress
from importlib.resources import files

import pytest
from authorities import FLAGS, Holder, root, seconds, server
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

VECTORS = files("cryptography_vectors") / "x509"
KINDS = {"secp256r1": "P-256", "secp384r1": "P-384"}


def extension(certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def last(certificate, kind):
    found = certificate.subject.get_attributes_for_oid(kind)
    return found[-1].value if found else None


def flags_of(usage):
    if usage is None:
        return None
    agrees = usage.key_agreement
    flags = [getattr(usage, flag) for flag in FLAGS[:7]]
    flags += [agrees and usage.encipher_only, agrees and usage.decipher_only]
    return sum(1 << at for at, flag in enumerate(flags) if flag)


def key_of(certificate):
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return ["RSA", str(numbers.n), str(numbers.e)]
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in KINDS:
        return [KINDS[key.curve.name], key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()]
    return None


def expected_of(certificate):
    names = extension(certificate, x509.SubjectAlternativeName) or []
    constraints = extension(certificate, x509.BasicConstraints)
    usages = extension(certificate, x509.ExtendedKeyUsage)
    number = certificate.serial_number
    return {
        "serial": number.to_bytes((number.bit_length() + 7) // 8, "big").hex(),
        "issuer": certificate.issuer.public_bytes().hex(),
        "subject": certificate.subject.public_bytes().hex(),
        "common_name": last(certificate, NameOID.COMMON_NAME),
        "organization": last(certificate, NameOID.ORGANIZATION_NAME),
        "not_before": seconds(certificate.not_valid_before_utc),
        "not_after": seconds(certificate.not_valid_after_utc),
        "spki": certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex(),
        "dns_names": [name.value.lower() for name in names if isinstance(name, x509.DNSName)],
        "ip_addresses": [name.value.packed.hex() for name in names if isinstance(name, x509.IPAddress)],
        "is_ca": bool(constraints and constraints.ca),
        "path_length": constraints and constraints.path_length,
        "key_usage": flags_of(extension(certificate, x509.KeyUsage)),
        "extended_key_usage": usages and [usage.dotted_string for usage in usages],
        "tbs": certificate.tbs_certificate_bytes.hex(),
        "signature": certificate.signature.hex(),
    }


def compare(judge, certificate):
    found = judge("fields", certificate.public_bytes(Encoding.PEM).decode())
    expected = expected_of(certificate)
    key = key_of(certificate)
    if key:
        expected["key"] = key
    assert {field: found.get(field) for field in expected} == expected
    return found


@pytest.mark.parametrize("kind", ["P-256", "P-384", 2048])
def test_keys(judge, kind):
    assert compare(judge, root(kind=kind).certificate)["is_ca"]


def test_names_and_usages(judge):
    names = ["CSMS.example", ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("2001:db8::1"), "*.example.org"]
    others = [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4567"), b"\x05\x00"), True)]
    holder = server(root(path_length=3), names=names, usages=["server", "client"], flags=FLAGS, others=others,
                    organization="Bürger & Söhne 充电")
    found = compare(judge, holder.certificate)
    assert found["unknown"] == ["1.2.3.4567"]
    assert found["organization"] == "Bürger & Söhne 充电"
    assert found["signature_algorithm"] == ["ECDSA", "SHA256", None]


@pytest.mark.parametrize("number", [1, 127, 128, 255, 256, 2**127, 2**158 + 5, 2**159 - 1])
def test_serial_numbers(judge, number):
    compare(judge, Holder("it", serial=number).certificate)


YEARS = [(1950, 1), (1969, 12), (1970, 1), (1999, 12), (2000, 2), (2024, 2), (2038, 1), (2049, 12), (2050, 1),
         (2100, 2), (2100, 3), (9999, 12)]


@pytest.mark.parametrize("year, month", YEARS)
def test_dates_from_1950_to_9999(judge, year, month):
    """Those until 2049 are a UTCTime, later ones a GeneralizedTime."""
    day = 29 if month == 2 and year % 4 == 0 and year != 2100 else 28 if month == 2 else 31
    end = datetime.datetime(year, month, day, 23, 59, 59, tzinfo=datetime.UTC)
    begins = datetime.datetime(1950, 1, 1, tzinfo=datetime.UTC)
    compare(judge, Holder("it", begins=begins, ends=end).certificate)


SAMPLES = ["cryptography.io.pem", "ecdsa_root.pem", "letsencryptx3.pem", "rapidssl_sha256_ca_g3.pem", "accvraiz1.pem",
           "wildcard_san.pem", "department-of-state-root.pem", "unique_identifier.pem", "custom/all_key_usages.pem",
           "custom/extended_key_usage.pem", "custom/bc_path_length_zero.pem", "custom/utf8_common_name.pem",
           "custom/san_ipaddr.pem", "custom/post2000utctime.pem",
           "custom/san_other_name.pem", "custom/san_email_dns_ip_dirname_uri.pem", "custom/dsa_selfsigned_ca.pem",
           "custom/basic_constraints_not_critical.pem", "custom/unsupported_subject_name.pem"]
MALFORMED = {
    "badasn1time.pem": "a date is not in UTC and whole seconds",
    "utf8-dnsname.pem": "a dNSName has letters that no name of a host has",
    "v1_cert.pem": "it names two algorithms for its signature",
    "custom/invalid_utf8_common_name.pem": "a name is not UTF-8",
    "custom/invalid_version.pem": "its version is not known",
    "custom/negative_serial.pem": "a number is negative",
    "custom/two_basic_constraints.pem": "it has an extension twice, or more than 40",
}


def text(sample):
    return (VECTORS / sample).read_text()


@pytest.mark.parametrize("sample", SAMPLES)
def test_certificates_of_public_cas_and_odd_ones(judge, sample):
    compare(judge, x509.load_pem_x509_certificate(text(sample).encode()))


@pytest.mark.parametrize("sample", MALFORMED)
def test_certificates_that_break_the_rules(judge, sample):
    found = judge("fields", text(sample))
    assert found == {"reason": "malformed", "error": "The certificate cannot be read: %s." % MALFORMED[sample]}


def test_a_key_for_pss_alone_can_be_read_but_is_not_known(judge):
    for sample in ("custom/rsa_pss.pem", "custom/rsa_pss_cert.pem"):
        assert judge("fields", text(sample))["key"] == ["1.2.840.113549.1.1.10"]


def test_the_salt_of_pss_is_known(judge):
    holder = server(root(kind=2048), pss=48)
    assert compare(judge, holder.certificate)["signature_algorithm"] == ["PSS", "SHA256", 48]
