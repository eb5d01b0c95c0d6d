"""CertificateSigned (white paper A02, A03, 5.1)."""

from ocpp import log
from x509 import CertificateError


async def handle(profile, payload):
    """Accepted, and on flash. Rejected, and discarded, with the event InvalidChargePointCertificate, if the certificate
    is not one that this charge point can use (A02.FR.06, 07); Rejected too if flash fails. The one that works now stays
    beside it, all others go."""
    try:
        key, chain = checked(profile, payload["certificateChain"])
        if not _install(profile, key, chain):
            return {"status": "Accepted"}  # the answer before did not arrive
    except CertificateError as error:
        from ocpp import events

        log.warning("the certificate of the charge point is rejected: %s", error)
        events.tell("InvalidChargePointCertificate", str(error))
        return {"status": "Rejected"}
    except OSError as error:
        log.error("the certificate of the charge point cannot be kept: %r", error)
        return {"status": "Rejected"}
    from ocpp import events

    events.tell("ReconfigurationOfSecurityParameters", "the charge point has a new certificate")
    _plan(profile, chain[0].not_before)
    return {"status": "Accepted"}


def _install(profile, key, chain):
    """Put it on flash; False if it is there already. OSError."""
    from profiles.security import installed
    from x509 import credentials

    engine = profile.core.engine
    found = credentials.usable(engine.store, installed.now(profile))
    if chain[0].der in [one.chain[0] for one in found]:
        return False
    keep = engine.link.client or found and found[0].name
    credentials.install(engine.store, key, [one.der for one in chain], keep)
    return True


def _plan(profile, begins):
    """When the certificate is to be renewed; and use it, if it is valid by now."""
    from profiles.security import installed, renewal

    renewal.plan(profile)
    if begins <= installed.now(profile):
        profile.core.engine.spawn(renewal.switch, profile)


def checked(profile, text):
    """(the private key in DER, [Certificate of the charge point, and of each CA below the root, in their order]).
    CertificateError with what is wrong."""
    limit = profile.core.engine.keys["CertificateSignedMaxChainSize"]
    if len(text) > limit:
        raise CertificateError("malformed", "The chain has %d characters, at most %d are allowed." % (len(text), limit))
    chain = _read(text)
    key = _key_of(profile, chain[0])
    _check_names(profile, chain[0])
    _verify(profile, chain)
    return key, _ordered(chain)


def _read(text):
    from x509 import certificate, pem

    return [certificate.read(der) for der in pem.only(text)]


def _key_of(profile, own):
    from x509 import credentials, verify

    key = own.key[0] == "P-256" and credentials.find_key(profile.core.engine.store, own.key[1])
    if not key:
        raise CertificateError("key", "%s is not for a key of this charge point." % verify.name(own))
    return key


def _verify(profile, chain):
    from profiles.security import installed
    from x509 import verify

    own, now = chain[0], installed.now(profile)
    if own.not_after < now:
        raise CertificateError("dates", "%s has expired." % verify.name(own))
    # It may begin later (A02.FR.08).
    verify.chain(chain, installed.issuers(profile, chain), max(now, own.not_before), "client")


def _check_names(profile, own):
    """The subject is the one of the request (A00.FR.509, 511, A02.FR.13)."""
    from x509 import verify

    engine = profile.core.engine
    serial_number = engine.boot_payload.get("chargePointSerialNumber")
    if own.common_name != serial_number:
        raise CertificateError("host", "%s is not for the serial number %s." % (verify.name(own), serial_number))
    if own.organization != engine.keys["CpoName"]:
        raise CertificateError("host", "The organization of %s is not CpoName." % verify.name(own))


def _ordered(chain):
    """Each certificate before the one of its issuer, as TLS wants them; without the root and what does not belong."""
    found, others = chain[:1], chain[1:]
    while others:
        next_ones = [one for one in others if one.subject == found[-1].issuer and one.subject != one.issuer]
        if not next_ones:
            break
        others.remove(next_ones[0])
        found.append(next_ones[0])
    return found
