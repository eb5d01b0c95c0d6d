"""The certificate authority of an operator: signs what charge points ask for, by the package `cryptography`."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


def pem(*certificates):
    """The PEM text of certificates."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates)


def subject(common_name, organization="Operator"):
    names = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in names if text])


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


class OperatorCa:
    """`certificate` of a CA, by `issuer`, another one, or by itself."""

    def __init__(self, name="Operator Root", issuer=None, key=None):
        self.key = key or new_key()
        self.name = subject(name)
        self.certificate = (issuer or self).issue(self.name, self.key.public_key(), ca=True)

    def issue(self, name, public_key, begins=-DAY, ends=365 * DAY, ca=False, usage="CLIENT_AUTH"):
        """A certificate that is valid from and until so long after now, for this extendedKeyUsage."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(_usage(ca), critical=True)
        )
        if not ca:
            usages = x509.ExtendedKeyUsage([getattr(ExtendedKeyUsageOID, usage)])
            builder = builder.add_extension(usages, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def sign(self, request, **options):
        """The certificate that the charge point has asked for with `request` (x509.CertificateSigningRequest)."""
        return self.issue(request.subject, request.public_key(), **options)


def _usage(ca):
    names = "content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only".split()
    return x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **dict.fromkeys(names, False))
