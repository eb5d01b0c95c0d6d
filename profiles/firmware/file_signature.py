"""Checks the signature of a file that is on flash, as SignedUpdateFirmware wants it (white paper L01.FR.04, 12).

The digest was taken as the file came in, the key when the request was accepted, so nothing is read again, and a restart
at any time leads to the same result.
"""

import binascii

from ocpp import log
from profiles.firmware import jobs, phases
from updates.receiver import Receiver
from x509 import CertificateError, algorithms, signatures


async def attempt(profile, record):
    """Enter SignatureVerified, and InstallScheduled if installDateTime is to come (L01.FR.16); or InvalidSignature."""
    if not is_good(record):
        Receiver(profile.settings, profile.settings["board"], profile.root).abort()
        phases.failed(profile, jobs.UPDATE, record, "the file's signature is not right", False, "InvalidSignature")
        return
    log.info("update: the signature is right")
    now = profile.core.engine.clock.now()
    phases.enter(profile, jobs.UPDATE, record, "SignatureVerified", now)
    if record.get("install", now) > now:
        phases.enter(profile, jobs.UPDATE, record, "InstallScheduled", record["install"])


def is_good(record):
    """Whether `signature`, in base64, is one with RSA-PSS or ECDSA of what has the SHA-256 `digest`, in hexadecimal
    digits, by `key`, a SubjectPublicKeyInfo in base64."""
    try:
        key = algorithms.public_key(binascii.a2b_base64(record["key"]))
        algorithm = ("PSS" if key[0] == "RSA" else "ECDSA", "SHA256", None)
        signature = binascii.a2b_base64(record["signature"])
        return signatures.is_valid(key, algorithm, binascii.unhexlify(record["digest"]), signature)
    except (CertificateError, ValueError) as error:
        log.warning("update: %s", error)
        return False
