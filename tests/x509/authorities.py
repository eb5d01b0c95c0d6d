"""Certificates of all kinds, made by the package `cryptography`."""

import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID

NOW = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
USAGES = {"server": Usage.SERVER_AUTH, "client": Usage.CLIENT_AUTH, "code": Usage.CODE_SIGNING,
          "any": Usage.ANY_EXTENDED_KEY_USAGE, "email": Usage.EMAIL_PROTECTION}
FLAGS = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")


def seconds(moment):
    return int(moment.timestamp())


@cache
def key(kind, number=0):
    """A private key: "P-256", "P-384", "P-521" or the bits of an RSA key; `number` tells several apart."""
    if isinstance(kind, int):
        return rsa.generate_private_key(65537, kind)
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}[kind])


def name(common_name, organization=None):
    pairs = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name(pairs + [x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage(*flags):
    return x509.KeyUsage(**{flag: flag in flags for flag in FLAGS})


class Holder:
    """A certificate with its private key. `issuer`: the Holder that signs it; None: itself."""

    def __init__(self, common_name, issuer=None, kind="P-256", ca=None, path_length=None, hashed=None, pss=None,
                 begins=NOW - DAY, ends=NOW + 365 * DAY, names=(), flags=None, usages=None, others=(), number=0,
                 organization=None, key_of=None, serial=None):
        self.key = key_of.key if key_of else key(kind, (common_name, number))
        self.subject = name(common_name, organization)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(issuer.subject if issuer else self.subject)
            .not_valid_before(begins)
            .not_valid_after(ends)
            .public_key(self.key.public_key())
            .serial_number(serial or x509.random_serial_number())
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, path_length), critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        if flags is not None:
            builder = builder.add_extension(usage(*flags), critical=True)
        if usages is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([USAGES[word] for word in usages]), critical=False)
        for extension, critical in others:
            builder = builder.add_extension(extension, critical)
        signer = issuer.key if issuer else self.key
        hashed = hashed or hashes.SHA256()
        scheme = {}
        if pss is not None:
            scheme = {"rsa_padding": padding.PSS(padding.MGF1(hashed), pss)}
        self.certificate = builder.sign(signer, hashed, **scheme)
        self.pem = self.certificate.public_bytes(Encoding.PEM).decode()


def root(common_name="Root", **options):
    return Holder(common_name, ca=True, **options)


def server(issuer, common_name="csms", names=("csms.example",), **options):
    names = [x509.DNSName(text) if isinstance(text, str) else x509.IPAddress(text) for text in names]
    return Holder(common_name, issuer, names=names, **options)


def chain_arguments(certificates, roots, usage=None, now=NOW):
    """What judge.py's chain() takes."""
    texts = ["".join(holder.pem for holder in holders) for holders in (certificates, roots)]
    return [*texts, seconds(now), usage]


def accept(issuer, request):
    """The certificate, as PEM, for a client whose request, as PEM, the Holder `issuer` accepts."""
    request = x509.load_pem_x509_csr(request.encode())
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer.subject)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 365 * DAY)
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([Usage.CLIENT_AUTH]), critical=False)
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
