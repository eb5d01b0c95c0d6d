"""What of the certificates that are installed the messages and keys ask for; x509/store.py and x509/credentials.py have
the files.

Here, in calls/ and in x509 a function imports what it needs, so that what has been read is verified, and reported,
without the code that has read it: beside wss a board has no room for both."""

from micropython import const

from ocpp import log
from x509 import CertificateError

_EPOCH = const(946684800)  # seconds from 1970 to 2000


def roots(profile):
    """The x509.store.Roots of the charge point."""
    from x509.store import Roots

    engine = profile.core.engine
    return Roots(engine.store, profile.ca_cert, engine.keys["AdditionalRootCertificateCheck"])


def now(profile):
    """Seconds since 1970, as certificates have them."""
    return profile.core.engine.clock.now() + _EPOCH


def clock_seconds(seconds):
    """Seconds since 1970 as the clock has them, since 2000."""
    return seconds - _EPOCH


def only_one(text):
    """The Certificate in a PEM text, which has no other. CertificateError."""
    from x509 import certificate

    return certificate.read(_only_der(text))


def _only_der(text):
    from x509 import pem

    ders = pem.only(text)
    if len(ders) > 1:
        raise CertificateError("malformed", "There is more than one certificate.")
    return ders[0]


def certificates(found, name):
    """[Certificate of the root `name` in Roots `found`, and of the one that has signed it]; [] with a log line if it
    cannot be read."""
    from x509 import certificate

    try:
        ders = found.read(name)
        root = certificate.read(ders[0])
        return [root, certificate.read(ders[1]) if len(ders) > 1 else root]
    except (OSError, CertificateError, IndexError) as error:
        log.error("the root certificate %s cannot be read: %s", name, error)
        return []


def issuers(profile, chain):
    """Certificates of the CentralSystemRootCertificates that have the name of an issuer in `chain`."""
    from x509.store import CENTRAL

    names, found, wanted = [one.issuer for one in chain], roots(profile), []
    for name in found.names(CENTRAL):
        root = certificates(found, name)[:1]
        if root and root[0].subject in names:
            wanted += root
    return wanted
