"""DeleteCertificate (white paper M04, 5.3)."""

from ocpp import log
from profiles.security import installed
from x509 import CertificateError, certificate, credentials, hash_data, verify
from x509.der import hexadecimal
from x509.store import CENTRAL, MANUFACTURER, OWNERS


async def handle(profile, payload):
    """Accepted, and gone from flash; NotFound; Failed for the owner's root, the root by which the central system of
    this connection was verified (M04.FR.06), the certificate of the charge point itself (M04.FR.05), and if flash
    fails."""
    wanted = payload["certificateHashData"]
    found = installed.roots(profile)
    names = [name for kind in (CENTRAL, MANUFACTURER) for name in found.names(kind) if _is(found, name, wanted)]
    if not names:
        return {"status": "Failed" if _is_own(profile, wanted) else "NotFound"}
    in_use = profile.core.engine.link.root
    if OWNERS in names or in_use in names:
        log.warning("the root certificate %s is in use and stays", names[0])
        return {"status": "Failed"}
    text = ", ".join([verify.name(one) for name in names for one in installed.certificates(found, name)[:1]])
    try:
        for name in names:
            found.remove(name)
    except OSError as error:
        log.error("a root certificate cannot be deleted: %r", error)
        return {"status": "Failed"}
    from ocpp import events

    events.tell("ReconfigurationOfSecurityParameters", "the root certificate %s is deleted" % text)
    return {"status": "Accepted"}


def _is(found, name, wanted):
    """Whether `wanted`, a CertificateHashDataType, is that of the root `name`."""
    both = installed.certificates(found, name)
    if not both or hexadecimal(both[0].serial) != wanted["serialNumber"].upper():
        return False  # and the hashes, which take long with SHA-512, need not be computed
    hashes = hash_data.of(both[0], both[1], wanted["hashAlgorithm"])
    return all([hashes[field].lower() == wanted[field].lower() for field in wanted])


def _is_own(profile, wanted):
    """Whether it may be that of a certificate of the charge point; the key of its issuer is not looked at."""
    for one in credentials.usable(profile.core.engine.store, 0):
        try:
            own = certificate.read(one.chain[0])
        except CertificateError:
            continue
        hashes = hash_data.of(own, own, wanted["hashAlgorithm"])
        fields = ("issuerNameHash", "serialNumber")
        if all([hashes[field].lower() == wanted[field].lower() for field in fields]):
            return True
    return False
