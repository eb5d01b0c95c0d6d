"""Certificates for a central system of its own: an authority and a server by the name the board calls it."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)
_KEYS = {"RSA": lambda: rsa.generate_private_key(65537, 2048), "EC": lambda: ec.generate_private_key(ec.SECP256R1())}
KINDS = tuple(_KEYS)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject, key, issuer, issuer_key, extensions):
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder(_name(issuer), _name(subject), key.public_key(), x509.random_serial_number(),
                                      today - _DAY, today + 365 * _DAY)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def root_pem():
    """The PEM text of a root certificate with a key of P-256."""
    key = _KEYS["EC"]()
    root = _certificate("upoint test root", key, "upoint test root", key, [(x509.BasicConstraints(True, None), True)])
    return root.public_bytes(serialization.Encoding.PEM).decode()


def make_certificates(folder, kind, address):
    """Write server.pem, server.key, ca.der and client.1 into `folder`, valid from yesterday on; `kind` is "RSA" or
    "EC". The paths. The last one is as x509/credentials.py has the key and the certificate of a charge point."""
    authority_key, key = _KEYS[kind](), _KEYS[kind]()
    authority = _certificate("upoint test authority", authority_key, "upoint test authority", authority_key,
                             [(x509.BasicConstraints(True, None), True)])
    names = x509.SubjectAlternativeName([x509.DNSName(address), x509.IPAddress(ipaddress.ip_address(address))])
    server = _certificate("central system", key, "upoint test authority", authority_key,
                          [(names, False), (x509.BasicConstraints(False, None), True),
                           (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)])
    paths = [folder / name for name in ("server.pem", "server.key", "ca.der", "client.1")]
    paths[0].write_bytes(server.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    paths[2].write_bytes(authority.public_bytes(serialization.Encoding.DER))
    paths[3].write_bytes(_client("upoint test authority", authority_key))
    return paths


def _client(issuer, issuer_key):
    key = _KEYS["EC"]()
    made = _certificate("chip", key, issuer, issuer_key, [
        (x509.BasicConstraints(False, None), True), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)])
    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL,
                                serialization.NoEncryption())
    return private + made.public_bytes(serialization.Encoding.DER)
