"""SignedUpdateFirmware (white paper L01, 5.21): as UpdateFirmware, for a file that its manufacturer has signed."""

import binascii

from ocpp import events, log
from ocpp.clock import iso8601
from ocpp.errors import OcppError
from profiles.firmware import jobs, phases
from profiles.firmware.calls import update_firmware
from profiles.security import installed
from x509 import CertificateError, certificate, pem, signatures, verify
from x509.store import MANUFACTURER


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
        log.warning("update: the signingCertificate is refused: %s", error)
        events.tell("InvalidFirmwareSigningCertificate", str(error))
        return {"status": "InvalidCertificate"}
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
    ders = pem.only(text)
    if len(ders) > 1:
        raise CertificateError("path", "There is more than one certificate.")
    found = installed.roots(profile)
    names = found.names(MANUFACTURER)
    roots = [root for name in names for root in installed.certificates(found, name)[:1]]
    one = certificate.read(ders[0])
    verify.chain([one], roots, installed.now(profile), "code")
    signatures.check_key(one.key)
    return one.spki


async def _take(owner, payload, key):
    """Save the update as the job to do, and report DownloadScheduled if its time is to come (L01.FR.13)."""
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
