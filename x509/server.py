"""TLS to a server: its cipher suites (white paper A00.FR.318, 422), and whose certificate it has.

MicroPython verifies the chain of the certificate, its dates and its use. A commonName without a subjectAltName, or the
certificate of an authority, would do for it, so the server's certificate is looked at here before anything is sent.
"""

import tls
from micropython import const

# Those that the white paper asks for and, with the certificates of most servers, ECDHE for RSA. The first two are of
# TLS 1.3.
_SUITES = (
    "TLS1-3-AES-256-GCM-SHA384 TLS1-3-AES-128-GCM-SHA256"
    " TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384 TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256"
    " TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384 TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256"
    " TLS-RSA-WITH-AES-256-GCM-SHA384 TLS-RSA-WITH-AES-128-GCM-SHA256"
)
_OF_1_3 = const(2)


def context():
    """A context that verifies the server, without an authority yet."""
    made = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    made.verify_mode = tls.CERT_REQUIRED  # type: ignore[attr-defined]
    suites = _SUITES.split()
    try:
        made.set_ciphers(suites)
    except (OSError, ValueError):  # MicroPython of this board has no TLS 1.3
        made.set_ciphers(suites[_OF_1_3:])
    return made


def check(der, host):
    """CertificateError unless the certificate `der`, whose chain is verified, is a server's, and for `host`."""
    from x509 import CertificateError, certificate, verify

    found = certificate.read(der)
    if found.is_ca:
        raise CertificateError("usage", "It is that of an authority, not of a server.")
    verify.host(found, host)
