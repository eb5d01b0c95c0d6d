"""DeleteCertificate (white paper M04, 5.3)."""

from ocpp import log
from x509 import CertificateError


async def handle(profile, payload):
    """Accepted, and gone from flash; NotFound; Failed for the owner's root, the root by which the central system of
    this connection was verified (M04.FR.06), the certificate of the charge point itself (M04.FR.05), and if flash
    fails."""
    wanted = payload["certificateHashData"]
    names = _named(profile, wanted)
    if not names:
        return {"status": "Failed" if _is_own(profile, wanted) else "NotFound"}
    try:
        text = _removed(profile, names)
    except OSError as error:
        log.error("a root certificate cannot be deleted: %r", error)
        return {"status": "Failed"}
    if not text:
        log.warning("the root certificate %s is in use and stays", names[0])
        return {"status": "Failed"}
    from ocpp import events

    events.tell("ReconfigurationOfSecurityParameters", "the root certificate %s is deleted" % text)
    return {"status": "Accepted"}


def _named(profile, wanted):
    """The names of the roots that `wanted`, a CertificateHashDataType, is of."""
    from profiles.security import installed
    from x509.store import CENTRAL, MANUFACTURER

    found = installed.roots(profile)
    names = found.names(CENTRAL) + found.names(MANUFACTURER)
    return [name for name in names if _is(installed.certificates(found, name), wanted)]


def _is(both, wanted):
    """Whether `wanted` is that of a root; `both`: installed.certificates()."""
    from x509.der import hexadecimal

    if not both or hexadecimal(both[0].serial) != wanted["serialNumber"].upper():
        return False  # and the hashes, which take long with SHA-512, need not be computed
    return _agrees(wanted, both, wanted)


def _agrees(wanted, both, fields):
    """Whether `wanted` has the hash data of both[0], which both[1] has signed, in these fields."""
    from x509 import hash_data

    hashes = hash_data.of(both[0], both[1], wanted["hashAlgorithm"])
    return all([hashes[field].lower() == wanted[field].lower() for field in fields])


def _removed(profile, names):
    """Delete the roots of these names; what they are called, or "" if one of them has to stay. OSError."""
    from profiles.security import installed
    from x509 import verify
    from x509.store import OWNERS

    if OWNERS in names or profile.core.engine.link.root in names:
        return ""
    found = installed.roots(profile)
    text = ", ".join([verify.name(one) for name in names for one in installed.certificates(found, name)[:1]])
    for name in names:
        found.remove(name)
    return text


def _is_own(profile, wanted):
    """Whether it may be that of a certificate of the charge point; the key of its issuer is not looked at."""
    from x509 import credentials

    chains = [one.chain for one in credentials.usable(profile.core.engine.store, 0)]
    return any([_is_of(chain[0], wanted) for chain in chains])


def _is_of(der, wanted):
    from x509 import certificate

    try:
        own = certificate.read(der)
    except CertificateError:
        return False
    return _agrees(wanted, (own, own), ("issuerNameHash", "serialNumber"))
