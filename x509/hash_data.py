"""What the central system calls a certificate by (white paper 6.1, RFC 6960 4.1.1)."""

import binascii


def of(certificate, issuer, algorithm="SHA256"):
    """CertificateHashData of a Certificate that the Certificate `issuer` has signed, a root itself. `algorithm`:
    "SHA256", "SHA384" or "SHA512".

    issuerNameHash is that of the issuer's name in the certificate; issuerKeyHash that of the public key in the issuer's
    certificate, without tag and length; serialNumber has no leading zeros.
    """
    from x509 import algorithms, hashing
    from x509.der import hexadecimal

    key = algorithms.public_key_bytes(issuer.spki)
    return {
        "hashAlgorithm": algorithm,
        "issuerNameHash": _digits(hashing.digest(algorithm, certificate.issuer)),
        "issuerKeyHash": _digits(hashing.digest(algorithm, key)),
        "serialNumber": hexadecimal(certificate.serial),
    }


def _digits(content):
    return binascii.hexlify(content).decode()
