"""GetInstalledCertificateIds (white paper M03, 5.7)."""


async def handle(profile, payload):
    """The hash data of all roots of the type, the newest first, by SHA-256; NotFound if there is none."""
    from profiles.security import installed

    roots, found = installed.roots(profile), []
    for name in roots.names(payload["certificateType"]):
        both = installed.certificates(roots, name)
        if both:
            found.append(_hash_data(both))
    return {"status": "Accepted", "certificateHashData": found} if found else {"status": "NotFound"}


def _hash_data(both):
    from x509 import hash_data

    return hash_data.of(*both)
