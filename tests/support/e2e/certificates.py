"""Certificates of a trustme.CA, for the servers of the tests and for who verifies them."""

import ssl
from base64 import b64decode


def der(authority):
    """The certificate of `authority`, bytes in DER."""
    lines = authority.cert_pem.bytes().decode().splitlines()
    return b64decode("".join(line for line in lines if "-----" not in line))


def der_file(authority, folder):
    """The path of a file with it in `folder`."""
    path = folder / "ca.der"
    path.write_bytes(der(authority))
    return str(path)


def served(authority, host="localhost", **options):
    """The context of a server whose certificate `authority` has given for `host`; `options`: of that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, **options).configure_cert(context)
    return context
