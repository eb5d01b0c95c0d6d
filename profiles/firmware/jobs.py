"""The jobs: an update, an upload of diagnostics, an upload of a log. Only one runs at a time, for each needs memory.

A job is a record of the store, and in profile.jobs by its name: UPDATE, UPLOAD (GetDiagnostics) or LOG (GetLog of the
white paper of 1.6 security, N01). It is a dict:
  url         where from, or where to
  status      of the notification, "Idle" before the time has come; a final one stays until it has been sent
  time        when to continue, in the clock's seconds, or None
  attempts    how many tries may follow, with the one that is due
  period      seconds between two
  starts      how often the charge point has started during this try
and of an update `version`, that of the file of which a part is on flash (a text of transfers/), `head`, of the package
when all of it is there, and `next`, the record of an update that waits; of an upload `name` of the file, and from
`start` to `stop`; of a LOG its requestId `id`, and whether it is the `security` log. `done` is the percentage of this
moment. These names are in MicroPython's image.

An update of SignedUpdateFirmware (L01) has its requestId `id`, `key` and `signature`, as file_signature.py reads them,
`digest`, the SHA-256 of the file in hexadecimal digits when all of it is there, and `install`, installDateTime in the
clock's seconds. When it has failed, and the central system knows, `id` and `status` stay for ExtendedTriggerMessage;
`url` is None then.
"""

import asyncio

from micropython import const

import memory

UPDATE, UPLOAD, LOG = "update", "diagnostics", "log"  # names of the records
ACTIONS = {
    UPDATE: "FirmwareStatusNotification",
    UPLOAD: "DiagnosticsStatusNotification",
    LOG: "LogStatusNotification",
}
FINAL = (
    "DownloadFailed InstallationFailed Installed UploadFailed Uploaded UploadFailure BadMessage PermissionDenied "
    "NotSupportedOperation InvalidSignature InstallVerificationFailed"
).split()
INSTALLING = ("Installing", "InstallRebooting")  # until its outcome is known
_RETRIES = const(3)  # where the central system leaves it to us
_INTERVAL_S = const(60)
_LONGEST_S = const(86400)
_MAX_RETRIES = const(1000)
_CHECK_MS = const(10)


def made(payload, now, date=None):
    """The record for a CALL. `retries` are those after the first try (E 3.50); a `date` in the past is now."""
    if date is not None:
        from ocpp.clock import iso8601

        now = max(now, iso8601.parse(date))
    return {
        "url": payload["location"],
        "status": "Idle",
        "time": now,
        "attempts": min(max(payload.get("retries", _RETRIES), 0), _MAX_RETRIES) + 1,
        "period": min(max(payload.get("retryInterval", _INTERVAL_S), 0), _LONGEST_S),
        "starts": 0,
    }


def action(kind, record):
    """The notification of `record`, the job of this `kind`."""
    return ("Signed" if kind == UPDATE and "id" in record else "") + ACTIONS[kind]


def save(profile, kind, record):
    """Save `record` as the job of this kind, or remove the job if it is None; on flash when this returns."""
    store = profile.core.engine.store
    if record is None:
        store.remove(kind)
        profile.jobs.pop(kind, None)
    else:
        store.save(kind, record)
        profile.jobs[kind] = record
    note(profile)


def note(profile):
    """Note when the next of both is due."""
    dues = [record["time"] for record in profile.jobs.values() if record["time"] is not None]
    profile.due = min(dues) if dues else None


def source(profile, record):
    """The Source that an upload sends, or None if the log has no lines of that time. Only one may be open; the caller
    closes it."""
    name, point = profile.source
    made = memory.load(name).security if record.get("security") else memory.load(name).source
    return made(point, record["start"], record["stop"])


async def take_upload(profile, kind, record, bounds):
    """`record` is the upload to do from now on, of what is between `bounds`, (dateTime or None) * 2, in the place of
    one of this `kind` that is not over, of which no more is sent. The name of its file; None where the log has
    nothing of that time: then all stays as it was."""
    from ocpp.clock import iso8601

    record["start"], record["stop"] = [bound and iso8601.parse(bound) for bound in bounds]
    for other in (UPLOAD, LOG):
        await stop(profile, other)  # it may have open what a source is made of
    module, point = profile.source
    name = memory.load(module).name(point, record["start"], record["stop"], record.get("security"))
    if name is not None:
        record["name"] = name
        save(profile, kind, record)
    return name


async def stop(profile, kind):
    """Cancel the job of this kind if it runs. It stays, and is due again."""
    record = profile.jobs.get(kind)
    while record and profile.job is record:
        profile.task.cancel()
        await asyncio.sleep_ms(_CHECK_MS)


def unload():
    """Unload all code of an update or a transfer, with the packages, which memory.py would keep."""
    memory.unload()
    for package in ("updates", "transfers"):
        memory.forget(package)


def shown(record):
    """Its location for the log: without user, password and query, which may be a secret."""
    from ocpp.log import masked

    return masked.url(record["url"]).partition("?")[0]
