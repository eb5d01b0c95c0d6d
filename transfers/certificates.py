"""The TLS context of a transfer: the server is always verified."""

import binascii

import tls
from micropython import const

from transfers.failure import failed

_MAX_BYTES = const(16384)
_MAX_CERTIFICATES = const(8)
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"


def context(authority):
    """A context that accepts servers whose certificate comes from `authority`: DER or PEM, as bytes or the path of a
    file. TransferError "certificate" without one."""
    if not authority:
        raise failed("certificate", "https needs the certificate of an authority, and none is given")
    try:
        found = _certificates(authority if isinstance(authority, bytes) else _read(authority))
        made = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        made.verify_mode = tls.CERT_REQUIRED
        for certificate in found:
            made.load_verify_locations(certificate)
        return made
    except (OSError, ValueError) as error:
        raise failed("certificate", "that of the authority cannot be used: %s" % error)


def _read(path):
    with open(path, "rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValueError("the file is too long")
    return content


def _certificates(content):
    """The certificates in `content` as DER; MicroPython on a PC reads nothing else."""
    if _BEGIN not in content:
        return [content]
    parts = content.split(_BEGIN)[1 : _MAX_CERTIFICATES + 1]
    return [binascii.a2b_base64(part.split(_END)[0].strip()) for part in parts]
