"""Sends FirmwareStatusNotification, SignedFirmwareStatusNotification, DiagnosticsStatusNotification and
LogStatusNotification: each status in order while online, only the present one after having been offline (1.6 4.4, 4.5,
white paper L01, N01)."""

import asyncio

from micropython import const

from ocpp import log
from ocpp.errors import CallError, Offline
import memory
from profiles.firmware import jobs

_CHECK_MS = const(100)


def add(profile, kind, record):
    """Queue the status of `record`, the job of this `kind`; it is sent as soon as the charge point is online."""
    news, action = profile.news, jobs.action(kind, record)
    busy = bool(news)
    if not profile.core.engine.online:
        for entry in [entry for entry in news if entry[0] == action]:
            news.remove(entry)
    news.append((action, record["status"], record.get("id")))
    if not busy:
        profile.core.engine.spawn(_tell, profile)


async def _tell(profile):
    """Send the queued statuses, each as soon as possible."""
    while profile.news:
        await profile.core.engine.ready()
        await _send(profile)


async def _send(profile):
    """Send the oldest queued status; without an answer it stays queued."""
    entry = action, status, identity = profile.news[0]
    try:
        await profile.core.engine.call(action, _payload(status, identity))
    except Offline:
        return
    except CallError as error:
        log.warning("%s: %s", action, error)
    if entry in profile.news:
        profile.news.remove(entry)
    for kind, record in list(profile.jobs.items()):
        of_it = jobs.action(kind, record) == action and record.get("id") == identity
        if of_it and record["status"] == status and status in jobs.FINAL:
            _over(profile, kind)
    memory.look()


def _payload(status, identity):
    """The fields of the message; `identity`: the requestId of what the white paper has added, else None (L01.FR.10,
    N01.FR.07)."""
    return {"status": status} if identity is None else {"status": status, "requestId": identity}


def _over(profile, kind):
    """The central system has received the final status of this job: remove it. Of a signed update that has failed the
    status stays (L01.FR.28, 29)."""
    record = profile.jobs[kind]
    left = record.get("next")
    if kind == jobs.UPDATE and "id" in record and record["status"] != "Installed" and not left:
        left = {"id": record["id"], "status": record["status"], "url": None, "time": None, "starts": 0}
    jobs.save(profile, kind, left)
    if "head" in record:
        from updates import installation

        installation.forget(profile.root)
        if memory.managed() and not profile.job:
            jobs.unload()


async def settle(profile, seconds):
    """Wait until all statuses are sent, `seconds` at most and not while offline."""
    engine = profile.core.engine
    ends = engine.clock.uptime() + seconds
    while profile.news and engine.online and engine.clock.uptime() < ends:
        await asyncio.sleep_ms(_CHECK_MS)


async def triggered(profile, kind, action=None):
    """Send the present status for a trigger: Idle, without a requestId (L01.FR.21, N01.FR.12), before a job begins and
    after it has ended. Only a job counts whose notification is `action`; None: the usual one of this `kind`."""
    action, record = action or jobs.ACTIONS[kind], profile.jobs.get(kind, {})
    if jobs.action(kind, record) != action:
        record = {}
    status = record.get("status", "Idle")
    identity = None if status == "Idle" else record.get("id")
    await profile.core.engine.call(action, _payload(status, identity), True)
