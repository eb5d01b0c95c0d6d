"""What of the certificates that are installed the messages and keys ask for; x509/store.py and x509/credentials.py have
the files."""

from micropython import const

from ocpp import log
from x509 import CertificateError, certificate
from x509.store import CENTRAL, Roots

_EPOCH = const(946684800)  # seconds from 1970 to 2000


def roots(profile):
    """The x509.store.Roots of the charge point."""
    engine = profile.core.engine
    return Roots(engine.store, profile.ca_cert, engine.keys["AdditionalRootCertificateCheck"])


def now(profile):
    """Seconds since 1970, as certificates have them."""
    return profile.core.engine.clock.now() + _EPOCH


def clock_seconds(seconds):
    """Seconds since 1970 as the clock has them, since 2000."""
    return seconds - _EPOCH


def certificates(found, name):
    """[Certificate of the root `name` in Roots `found`, and of the one that has signed it]; [] with a log line if it
    cannot be read."""
    try:
        ders = found.read(name)
        root = certificate.read(ders[0])
        return [root, certificate.read(ders[1]) if len(ders) > 1 else root]
    except (OSError, CertificateError, IndexError) as error:
        log.error("the root certificate %s cannot be read: %s", name, error)
        return []


def issuers(profile, chain):
    """Certificates of the CentralSystemRootCertificates that have the name of an issuer in `chain`."""
    names, found, wanted = [one.issuer for one in chain], roots(profile), []
    for name in found.names(CENTRAL):
        root = certificates(found, name)[:1]
        if root and root[0].subject in names:
            wanted += root
    return wanted
