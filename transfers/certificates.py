"""TLS of a transfer: the server is always verified, as strictly as the central system (x509/server.py)."""

import binascii

from micropython import const

from transfers.failure import failed
from x509 import server

_MAX_BYTES = const(16384)
_MAX_CERTIFICATES = const(8)
_NO_MEMORY = const(-32512)  # MBEDTLS_ERR_SSL_ALLOC_FAILED
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"


def context(authority):
    """A context that accepts servers whose certificate comes from `authority`: DER or PEM, as bytes or the path of a
    file. TransferError "certificate" without one."""
    if not authority:
        raise failed("certificate", "https needs the certificate of an authority, and none is given")
    try:
        found = _certificates(authority if isinstance(authority, bytes) else _read(authority))
        made = server.context()
        for certificate in found:
            made.load_verify_locations(certificate)
        return made
    except (OSError, ValueError) as error:
        raise failed("certificate", "that of the authority cannot be used: %s" % error)


class Guard:
    """Keeps the server's certificate when the handshake has verified it: `seen`, or None."""

    def __init__(self, made):
        """`made`: the context, which must not be in use yet."""
        self.seen = None
        self._context = made
        made.verify_callback = self._see

    def _see(self, certificate, depth):
        """Called in the handshake for each certificate of the chain, the root first; no error may leave it."""
        try:
            if depth == 0:
                self.seen = bytes(certificate)
        except MemoryError:
            return _NO_MEMORY
        return 0

    def check(self, host):
        """CertificateError if that of the server is not for `host`."""
        self._context.verify_callback = None  # which would keep this object
        server.check(self.seen, host)


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
