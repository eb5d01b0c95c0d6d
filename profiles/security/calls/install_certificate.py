"""InstallCertificate (white paper M05, 5.11)."""

from ocpp import log
from x509 import CertificateError

_KEY_CERT_SIGN = 1 << 5


async def handle(profile, payload):
    """Accepted, and on flash; also if it is there already. Rejected if it is no valid root certificate, if there is no
    room by CertificateStoreMaxLength, or if AdditionalRootCertificateCheck forbids it. Failed if flash fails."""
    kind = payload["certificateType"]
    try:
        text = _install(profile, kind, *accepted(profile, kind, payload["certificate"]))
    except CertificateError as error:
        log.warning("a %s is rejected: %s", kind, error)
        return {"status": "Rejected"}
    except OSError as error:
        log.error("a %s cannot be kept: %r", kind, error)
        return {"status": "Failed"}
    if text:
        from ocpp import events

        events.tell("ReconfigurationOfSecurityParameters", text)
    return {"status": "Accepted"}


def _install(profile, kind, root, *issuer):
    """Put the root and the one that has signed it, if that is another, on flash; a text for the event, "" if `root` is
    None. OSError."""
    from profiles.security import installed
    from x509 import verify

    if not root:
        return ""
    installed.roots(profile).add(kind, root.der, *[other.der for other in issuer])
    return "%s %s is installed" % (kind, verify.name(root))


def accepted(profile, kind, text):
    """[Certificate, and of the one that has signed it if that is another]; [None] if it is installed already.
    CertificateError."""
    from profiles.security import installed

    root = installed.only_one(text)
    candidates = _candidates(profile, kind, root)
    if candidates is None:
        return [None]
    from x509 import verify

    if not root.is_ca or root.key_usage is not None and not root.key_usage & _KEY_CERT_SIGN:
        raise CertificateError("ca", "%s is not the certificate of a CA." % verify.name(root))
    issuer = verify.chain([root], candidates, installed.now(profile))
    return [root] if root.issuer == root.subject else [root, issuer]


def _candidates(profile, kind, root):
    """[Certificates by which the Certificate `root` may be signed]; None if it is installed already.
    CertificateError."""
    from profiles.security import installed
    from x509.store import CENTRAL

    found = installed.roots(profile)
    names, older = found.names(kind), []
    for name in names:
        for one in installed.certificates(found, name)[:1]:
            if one.der == root.der:
                return None
            if one.subject == root.issuer:
                older.append(one)
    if found.count() >= profile.core.engine.keys["CertificateStoreMaxLength"]:
        raise CertificateError("path", "There is no room for one more, see CertificateStoreMaxLength.")
    replaces = kind == CENTRAL and found.one and names
    if replaces and len(names) > 1:
        raise CertificateError("path", "The root before this one has not been replaced yet.")
    if not replaces and root.issuer == root.subject:
        return [root]
    return older
