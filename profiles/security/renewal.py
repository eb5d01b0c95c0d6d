"""When something has to be done about the certificate of the charge point: a request to send again, a renewal, one that
becomes valid, one that is no longer needed (white paper A02.FR.08, 10, A03)."""

import asyncio

from micropython import const

from ocpp import log
from profiles.security import installed
from x509 import credentials

_ANSWER_MS = const(500)  # in which an answer leaves
_DAY_S = const(86400)
_MONTH_S = const(30 * 86400)
_TLS_WITH_CERTIFICATE = const(3)  # of SecurityProfile


def plan(profile):
    """Find out when something is due next."""
    store, now = profile.core.engine.store, installed.now(profile)
    found = credentials.usable(store, now)
    moments = [one.begins for one in found if one.begins > now]
    if len(found) > 1:
        moments.append(now + _DAY_S)
    if credentials.unsent(store):
        moments.append(now)
    elif found and not credentials.is_asked(store):
        moments.append(renewal_of(_newest(found)))
    profile.due = installed.clock_seconds(min(moments)) if moments else None


def renewal_of(one):
    """A month before the end (A03); of a certificate for less than three months, when a third of them is left."""
    return one.ends - min(_MONTH_S, (one.ends - one.begins) // 3)


def act(profile):
    """Do what is due, and plan again."""
    engine, due, now = profile.core.engine, profile.due, installed.now(profile)
    found = credentials.usable(engine.store, now)
    _tidy(engine, found, now)
    if found and found[0].begins <= now and installed.clock_seconds(found[0].begins) >= due:
        engine.spawn(switch, profile)
    plan(profile)
    if profile.due is not None and profile.due <= engine.clock.now():
        profile.due = engine.clock.now() + _DAY_S  # unless it is done
        _ask(profile)


def _ask(profile):
    """Send a request that has not been answered, or a new one."""
    from profiles.security import sign_certificate

    engine = profile.core.engine
    if credentials.unsent(engine.store):
        engine.spawn(sign_certificate.send, profile)
    else:
        log.info("the certificate of the charge point is about to expire")
        engine.spawn(sign_certificate.triggered, profile)


def _tidy(engine, found, now):
    """Remove what is not needed beside the best one: what has expired, and what was kept for a month as fallback, if
    the one after it works (A02.FR.10)."""
    for one in found[1:]:
        best = found[0]
        works = engine.link.client == best.name and now >= best.begins + _MONTH_S
        if one.ends < now <= best.ends or one.begins < best.begins and works:
            credentials.remove(engine.store, one.name)


def _newest(found):
    return max(found, key=lambda one: one.begins)


async def switch(profile):
    """Connect again, with the new certificate, where it is in use (A02.FR.08)."""
    engine = profile.core.engine
    if engine.keys["SecurityProfile"] == _TLS_WITH_CERTIFICATE:
        await asyncio.sleep_ms(_ANSWER_MS)
        await engine.link.close("new certificate")
