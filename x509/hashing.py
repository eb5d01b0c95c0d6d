"""SHA-256 of the chip, SHA-384 and SHA-512 in Python."""

import hashlib

from x509 import CertificateError


def digest(name, data):
    """The hash of `data` (bytes); `name`: "SHA256", "SHA384" or "SHA512". CertificateError "unsupported"."""
    if name == "SHA256":
        return hashlib.sha256(data).digest()
    if name not in ("SHA384", "SHA512"):
        raise CertificateError("unsupported", "The hash %s is not known." % name)
    from x509 import sha512

    return sha512.digest(name, data)
