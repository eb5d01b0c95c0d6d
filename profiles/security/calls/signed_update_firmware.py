"""SignedUpdateFirmware (white paper L01, 5.21): as UpdateFirmware, for a file that its manufacturer has signed."""

from ocpp import log
from ocpp.errors import OcppError
from x509 import CertificateError


async def handle(profile, payload):
    """Accepted, and on flash; AcceptedCanceled if an update before is not over, of which no more is sent (L01.FR.26).
    InvalidCertificate, with an event, unless signingCertificate is valid and by a ManufacturerRootCertificate
    (L01.FR.02, 12, 23, 24). Rejected while another one is being installed, which cannot be canceled (L01.FR.27)."""
    owners = [other for other in profile.core.engine.profiles if other.folder == "firmware"]
    if not owners:
        raise OcppError("NotSupported", "FirmwareManagement is switched off")
    owner = owners[0]
    try:
        key = _key(profile, payload["firmware"]["signingCertificate"])
    except (CertificateError, OSError) as error:
        from ocpp import events

        log.warning("update: the signingCertificate is refused: %s", error)
        events.tell("InvalidFirmwareSigningCertificate", str(error))
        return {"status": "InvalidCertificate"}
    from profiles.firmware import jobs

    before = owner.jobs.get(jobs.UPDATE)
    if before and before["status"] in jobs.INSTALLING:
        log.warning("update: rejected, another one is being installed")
        return {"status": "Rejected"}
    canceled = before and before["status"] not in jobs.FINAL
    await _take(owner, payload, key)
    return {"status": "AcceptedCanceled" if canceled else "Accepted"}


def _key(profile, text):
    """The SubjectPublicKeyInfo of the certificate in the PEM `text`. CertificateError; OSError. Of CAs below the root
    there are none (L01, remarks), so the text has one certificate."""
    from profiles.security import installed

    one = installed.only_one(text)
    roots = _roots(profile, one)
    from x509 import verify

    verify.chain([one], roots, installed.now(profile), "code")
    return one.spki


def _roots(profile, one):
    """[Certificates of ManufacturerRootCertificates with the name of the issuer of the Certificate `one`]"""
    from profiles.security import installed
    from x509.store import MANUFACTURER

    found, roots = installed.roots(profile), []
    for name in found.names(MANUFACTURER):
        roots += [root for root in installed.certificates(found, name)[:1] if root.subject == one.issuer]
    return roots


async def _take(owner, payload, key):
    """Save the update as the job to do, and report DownloadScheduled if its time is to come (L01.FR.13)."""
    import binascii

    from ocpp.clock import iso8601
    from profiles.firmware import jobs, phases
    from profiles.firmware.calls import update_firmware

    now, firmware = owner.core.engine.clock.now(), payload["firmware"]
    record = jobs.made(dict(payload, location=firmware["location"]), now, firmware["retrieveDateTime"])
    record["id"], record["signature"] = payload["requestId"], firmware["signature"]
    record["key"] = binascii.b2a_base64(key).decode().strip()
    if "installDateTime" in firmware:
        record["install"] = iso8601.parse(firmware["installDateTime"])
    log.info("update: signed, from %s at %s", jobs.shown(record), firmware["retrieveDateTime"])
    await update_firmware.take(owner, record)
    if record["time"] > now:
        phases.enter(owner, jobs.UPDATE, record, "DownloadScheduled", record["time"])
