"""The security events that the central system receives (white paper A04 and 8): the critical ones, why a connection was
refused, which only the next one can report, and why firmware was; in their order, on flash until
SecurityEventNotification.conf.

They are the record "events", which is there only while some wait: [messageId, era, time, kind, info, number of others
of the kind that are not sent before it], oldest first. `era` is that of ocpp/outbox/era.py, for the clock may not be
set yet. The messageId is kept, so a message that is sent again has it again (J 3.1).
"""

import asyncio

from micropython import const

from ocpp import log
from ocpp.clock import iso
from ocpp.errors import CallError, Offline, OcppError

RECORD = "events"
CRITICAL = (
    "FirmwareUpdated SettingSystemTime StartupOfTheDevice ResetOrReboot SecurityLogWasCleared MemoryExhaustion "
    "TamperDetectionActivated"
)
REFUSED = (  # A00.FR.318, 422, L01.FR.02, 03
    " InvalidCentralSystemCertificate InvalidTLSVersion InvalidTLSCipherSuite InvalidFirmwareSignature "
    "InvalidFirmwareSigningCertificate"
)
_ACTION = "SecurityEventNotification"
_MAX_WAITING = const(24)  # events on flash, with 12 kinds: of one there are three
_LONGEST = const(255)  # characters of techInfo (5.15)
_OUTBOX_S = const(60)  # longest wait for transaction messages to go before
_LOOK_MS = const(200)
_LONGEST_S = const(3600)
_FINAL = ("NotImplemented", "NotSupported")


def security_event(profile, engine, kind, info):
    """Queue the event `kind` of this moment for the central system if that receives it (A04.FR.01, 02)."""
    if kind not in (CRITICAL + REFUSED).split():
        return
    waiting = engine.store.load(RECORD, [])
    waiting.append([engine.rpc.new_id(), engine.outbox.era(), engine.clock.now(), kind, info, 0])
    thin(waiting)
    engine.store.save(RECORD, waiting)
    if profile.core.engine:
        wake(profile)


def thin(waiting):
    """Too many wait: of the kind of which there are most the first and the newest stay; the next counts what goes."""
    while len(waiting) > _MAX_WAITING:
        kinds = [entry[3] for entry in waiting]
        kind = max(kinds, key=kinds.count)
        second, third = [at for at in range(len(kinds)) if kinds[at] == kind][1:3]
        waiting[third][5] += 1 + waiting[second][5]
        del waiting[second]


def wake(profile):
    """Send what waits if that is possible now; the next acceptance or connection calls again."""
    if profile.core.engine.online and not profile.telling:
        profile.telling = True
        profile.core.engine.spawn(send_all, profile)


async def send_all(profile):
    """Send all that waits, until the connection is lost."""
    engine, failures, refusals = profile.core.engine, 0, 0
    profile.telling = True
    try:
        while engine.online:
            waiting = engine.store.load(RECORD, [])
            if not waiting:
                return
            await _after_transactions(engine)
            done = await _send(engine, waiting[0], refusals)
            if done:
                failures = refusals = 0
            elif engine.online:
                refusals += done is False
                pause = engine.keys["TransactionMessageRetryInterval"] << min(failures, 6)
                failures += 1
                await asyncio.sleep(min(pause, _LONGEST_S))
    finally:
        profile.telling = False


async def _after_transactions(engine):
    """Let what bills go first, unless that takes long: one CALL at a time is open, and might wait for its answer."""
    ends = engine.clock.uptime() + _OUTBOX_S
    while engine.outbox.queued and engine.online and engine.clock.uptime() < ends:
        await asyncio.sleep_ms(_LOOK_MS)


async def _send(engine, entry, refusals):
    """Send one event, after so many `refusals`: True when it is done, False when it is refused, None without an answer.
    As with transaction messages only a CALLERROR uses up TransactionMessageAttempts, and the pause begins with
    TransactionMessageRetryInterval (1.6 3.7.1)."""
    try:
        await engine.rpc.call(_ACTION, payload_of(engine, entry), entry[0])
    except Offline:
        return None
    except (CallError, OcppError) as error:
        final = isinstance(error, OcppError) or error.args[0] in _FINAL
        if not final and refusals + 1 < engine.keys["TransactionMessageAttempts"]:
            log.warning("%s of %s: %s", _ACTION, entry[3], error)
            return False
        log.error("%s of %s given up, it is in the security log: %s", _ACTION, entry[3], error)
        if isinstance(error, CallError) and final:
            entry = None
    _forget(engine, entry)
    return True


def payload_of(engine, entry):
    """SecurityEventNotification.req (5.15) with the time of the event."""
    _, era, moment, kind, info, before = entry
    if before:
        info = "%s (after %d that are not sent)" % (info[: _LONGEST - 40], before)
    payload = {"type": kind, "timestamp": iso(moment + engine.outbox.correction(era))}
    if info:
        payload["techInfo"] = info
    return payload


def _forget(engine, entry):
    """This one is confirmed, or, with None, the central system takes none; more may have come meanwhile."""
    waiting = engine.store.load(RECORD, []) if entry else []
    waiting = [other for other in waiting if other[0] != entry[0]]
    if waiting:
        engine.store.save(RECORD, waiting)
    else:
        engine.store.remove(RECORD)
