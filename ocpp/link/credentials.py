"""What TLS to the central system needs: the certificates that it may come from, and that of the charge point with its
key (white paper 2.6); loaded for a connection. x509/store.py and x509/credentials.py have the files."""

from micropython import const

from x509 import CertificateError
from x509.store import CENTRAL, OWNERS, Roots

_TO_1970 = const(946684800)  # seconds, from 2000


def now(link):
    """Seconds since 1970, as certificates have them."""
    return link.rpc.engine.clock.now() + _TO_1970


def usable(store, at):
    """As x509.credentials.usable()."""
    from x509 import credentials

    return credentials.usable(store, at)


def installed(link):
    """The x509.store.Roots of the charge point."""
    one = link.keys.values.get("AdditionalRootCertificateCheck", False)
    return Roots(link.keys.store, link.csms["ca_cert"], one)


def roots(link):
    """A generator of (name, DER) of each certificate that the central system's may come from, the newest first.
    ValueError, one line for the owner, if the file csms.ca_cert is wrong; another one that cannot be read is left
    out."""
    found = installed(link)
    for name in found.names(CENTRAL):
        try:
            yield name, found.read(name)[0]
        except (OSError, CertificateError, IndexError) as error:
            if name == OWNERS:
                raise wrong(link, error)


def wrong(link, error):
    text = "csms.ca_cert: %r is not a certificate in DER, which wss needs: %s"
    return ValueError(text % (link.csms["ca_cert"], error))


def client(link):
    """The x509.credentials.Credential to use now, or None: the best, or the one after it where the central system has
    refused that one (A02.FR.10)."""
    found = usable(link.keys.store, now(link))
    for one in found:
        if one.name != link.refused:
            return one
    return found[0] if found else None
