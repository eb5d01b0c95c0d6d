"""InstallCertificate (white paper M05, 5.11)."""

from ocpp import log
from profiles.security import installed
from x509 import CertificateError, certificate, pem, verify
from x509.store import CENTRAL

_KEY_CERT_SIGN = 1 << 5


async def handle(profile, payload):
    """Accepted, and on flash; also if it is there already. Rejected if it is no valid root certificate, if there is no
    room by CertificateStoreMaxLength, or if AdditionalRootCertificateCheck forbids it. Failed if flash fails."""
    kind = payload["certificateType"]
    try:
        root, *issuer = accepted(profile, kind, payload["certificate"])
        if root:
            installed.roots(profile).add(kind, root.der, *[other.der for other in issuer])
    except CertificateError as error:
        log.warning("a %s is rejected: %s", kind, error)
        return {"status": "Rejected"}
    except OSError as error:
        log.error("a %s cannot be kept: %r", kind, error)
        return {"status": "Failed"}
    if root:
        from ocpp import events

        events.tell("ReconfigurationOfSecurityParameters", "%s %s is installed" % (kind, verify.name(root)))
    return {"status": "Accepted"}


def accepted(profile, kind, text):
    """[Certificate, and of the one that has signed it if that is another]; [None] if it is installed already.
    CertificateError."""
    root = _read(text)
    found = installed.roots(profile)
    names = found.names(kind)
    for name in names:
        if [one for one in installed.certificates(found, name)[:1] if one.der == root.der]:
            return [None]
    if found.count() >= profile.core.engine.keys["CertificateStoreMaxLength"]:
        raise CertificateError("path", "There is no room for one more, see CertificateStoreMaxLength.")
    if not root.is_ca or root.key_usage is not None and not root.key_usage & _KEY_CERT_SIGN:
        raise CertificateError("ca", "%s is not the certificate of a CA." % verify.name(root))
    replaces = kind == CENTRAL and found.one and names
    if replaces and len(names) > 1:
        raise CertificateError("path", "The root before this one has not been replaced yet.")
    if not replaces and root.issuer == root.subject:
        verify.chain([root], [root], installed.now(profile))
        return [root]
    older = [one for name in names for one in installed.certificates(found, name)[:1] if one.subject == root.issuer]
    issuer = verify.chain([root], older, installed.now(profile))
    return [root] if root.issuer == root.subject else [root, issuer]


def _read(text):
    """The Certificate in a PEM text with one. CertificateError."""
    ders = pem.only(text)
    if len(ders) > 1:
        raise CertificateError("malformed", "There is more than one certificate.")
    return certificate.read(ders[0])
