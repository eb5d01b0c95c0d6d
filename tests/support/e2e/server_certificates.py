"""Certificates of central systems as no good authority gives them, and the contexts of servers that have them."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Made:
    """A certificate and its private key."""

    def __init__(self, certificate, key, issuers=()):
        self.certificate, self.key, self.issuers = certificate, key, issuers

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_der(self):
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )

    def pem(self):
        """The private key, the certificate, and those of its issuers below the root."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = [one.certificate.public_bytes(serialization.Encoding.PEM) for one in (self, *self.issuers)]
        return key + b"".join(chain)


def authority(name="authority", issuer=None, **options):
    """A certificate authority, its own root or below `issuer`; `options` as of certificate()."""
    return certificate(name, issuer, is_ca=True, names=(), **options)


def certificate(name, issuer=None, names=None, is_ca=False, days=(-1, 30), key=None, organization="Operator"):
    """A certificate of `issuer`, None: of itself. `names`: DNS names and addresses of the subjectAltName, () for none,
    None for `name`; `days`: [first, last] of its validity, from now; `key`: a private key, or "RSA"."""
    if key == "RSA":
        key = rsa.generate_private_key(65537, 2048)
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(is_ca, None), True)
    )
    for_names = [name] if names is None else names
    if for_names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(one) for one in for_names]), False)
    signed = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    above = (issuer, *issuer.issuers) if issuer and issuer.certificate.issuer != issuer.certificate.subject else ()
    return Made(signed, key, above)


def _name(text):
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def server(made, **settings):
    """The ssl context of a server with the certificate `made`; `settings`: attributes of the context, `ciphers`, and
    `clients`, the authority whose certificates it wants from clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(made.pem())
        file.flush()
        context.load_cert_chain(file.name)
    clients = settings.pop("clients", None)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=clients.der)
    if "ciphers" in settings:
        context.set_ciphers(settings.pop("ciphers"))
    for name, value in settings.items():
        setattr(context, name, value)
    return context
