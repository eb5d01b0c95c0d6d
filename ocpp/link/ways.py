"""The ways to the central system: which security profile with which password, what is on trial, and the way back (white
paper A01, A05); loaded at the start, for a connection and for a change.

`link.ways` has one way, or two while a change is on trial: the one that worked last, and the new one. A way is
[security profile, key]; the key is None for that of config.json, and a third element says that the central system has
refused it. Both are tried in turns until the central system speaks on one of them, so that the last working way in is
never lost: not by a refusal, a dead network, a restart, or a crash in a try.

The record on flash: {"key": CRC-32 of the key in config.json, "profile": the one that it asks for, as text if the owner
has named it, "ways", "tries"}. What the owner has changed there since counts, for there is no other way to a lower
security profile (A00.FR.005).
"""

import asyncio
import binascii
import json
import time

from micropython import const

from ocpp import log
from ocpp.link import address
from ocpp.store import records

RECORD = "access"
_COUNTED = const(8)  # tries that are counted on flash, which wears out; after these it begins with the old way
_LOOK_MS = const(20)
_SILENCE_MS = const(60000)
_MARKED = const(3)  # elements of a way that was refused


def begin(link):
    """Find the ways of `link` in its section of config.json and on flash. ValueError, one line for the owner, if the
    configuration contradicts itself."""
    csms, keys = link.csms, link.keys
    keys.keeper = "ocpp.link.security_keys", link
    _take_key(csms, keys.first.pop("authorizationkey", None))
    csms["profile"] = profile = _configured(csms, keys.first.pop("securityprofile", None))
    record = keys.store.load(RECORD)
    link.ways, link.tries = _kept(csms, record) or ([[int(profile), None]], 0)
    if record and record != _record(link, link.ways, link.tries):
        save(link, link.ways, link.tries)
    keys.values["SecurityProfile"] = link.ways[0][0]
    if [way for way in link.ways if address.split_url(address.url_of(csms, way[0]))[0]]:
        _check_start(link)
    if [way for way in link.ways if way[0] == 1]:
        warn_plain()


def _check_start(link):
    from ocpp.link import secure

    secure.check_start(link)


def warn_plain():
    log.warning("the password goes over ws, and who is on the way can read it: security profile 2, with wss, hides it")


def _take_key(csms, first):
    """ocpp.AuthorizationKey is the same as csms.authorization_key."""
    if first is None or not first[1]:
        return
    if not is_key(first[1]):
        raise ValueError("ocpp.AuthorizationKey: %d characters is not a text of 16 to 40 characters" % len(first[1]))
    if csms["authorization_key"] not in ("", first[1]):
        raise ValueError("ocpp.AuthorizationKey is not csms.authorization_key: give one of them")
    csms["authorization_key"] = first[1]


def is_key(text):
    """Whether `text` may be an AuthorizationKey (white paper 7.2): 16 to 40 characters, none of them a control."""
    return 16 <= len(text) <= 40 and not [one for one in text if one < " " or one == "\x7f"]


def _configured(csms, first):
    """The security profile that config.json asks for: the text of ocpp.SecurityProfile, else the number that URL and
    key make."""
    tls, key = address.split_url(csms["url"])[0], csms["authorization_key"]
    if first is None:
        return 0 if not key else 2 if tls else 1
    text = first[1]
    if text not in ("0", "1", "2", "3"):
        raise ValueError("ocpp.SecurityProfile: %r is not an integer from 0 to 3" % text)
    profile = int(text)
    if profile and not csms["urls"][text] and tls != (profile > 1):
        scheme = "wss" if profile > 1 else "ws"
        raise ValueError("ocpp.SecurityProfile: %s needs a csms.url that begins with %s://" % (text, scheme))
    if profile in (1, 2) and not key:
        raise ValueError("ocpp.SecurityProfile: %s needs csms.authorization_key" % text)
    return text


def _kept(csms, record):
    """(ways, tries) of the `record`, without what the owner has changed since; None without one."""
    if not record:
        return None
    ways, tries, profile, before = record["ways"], record["tries"], csms["profile"], record["profile"]
    if profile != before:
        now = int(profile)
        # From ws to wss the owner has but followed, where the central system has asked for as much or more before.
        if profile is not now or now < int(before) or now > ways[0][0]:
            ways, tries = [[now, ways[0][1]]], 0
    if record["key"] != _mark(csms):
        ways, tries = [[ways[0][0], None]], 0
    ways = [way for way in ways if address.url_of(csms, way[0])]
    return (ways, tries) if ways else None


def _mark(csms):
    return binascii.crc32(csms["authorization_key"].encode())


def choose(link):
    """The way of the next try, [security profile, key]; a try of a new one is on flash before it begins."""
    link.on_trial = None
    way = link.ways[0]
    if len(link.ways) > 1:
        if not link.tries & 1:
            way = link.ways[1]
            if link.tries < _COUNTED:
                save(link, link.ways, link.tries + 1)
        link.on_trial = way
    link.keys.values["SecurityProfile"] = way[0]
    return way


def failed(link, refused=False):
    """The try of the chosen way has failed, `refused`: by the central system, for whom it comes from."""
    way, link.on_trial = link.on_trial, None
    if way is None:
        return
    link.tries += 1
    if refused and way is link.ways[-1] and len(way) < _MARKED:
        way.append(True)
        save(link, link.ways, link.tries)


async def watch_trial(link):
    """On a connection that is on trial: settle as soon as the central system speaks. It is asked for a word, and one
    that says none within a minute is left again."""
    began = time.ticks_ms()
    engine = link.rpc.engine
    engine.heartbeat_due = True
    engine.heartbeat()
    while link.on_trial and link.connected:
        if link.rpc.heard:
            settle(link)
        elif time.ticks_diff(time.ticks_ms(), began) > _SILENCE_MS:
            log.warning("the central system is silent")
            link.drop()
        await asyncio.sleep_ms(_LOOK_MS)


def settle(link):
    """The connection that is on trial has ended, or the central system has spoken on it: then it is the way from now
    on. A change of the key that has not been refused stays, for the next connection."""
    way = link.on_trial
    if not link.rpc.heard:
        return failed(link)
    link.on_trial = None
    old, new = link.ways
    if way is new:
        _finish(link, new[:2], "security profile %d is in use" % new[0])
    elif link.tries and (len(new) > 2 or new[0] != old[0]):
        what = "the new AuthorizationKey" if new[0] == old[0] else "security profile %d" % new[0]
        _finish(link, old, "%s did not work, the one before is in use again" % what)
    else:
        link.tries = 0


def _finish(link, way, text):
    save(link, [way], 0)
    link.ways, link.tries = [way], 0
    log.warning("%s", text)
    from ocpp import events

    events.tell("ReconfigurationOfSecurityParameters", text)


def save(link, ways, tries):
    """Keep `ways` on flash; when flash is full they wait in memory, and after a restart those of before count."""
    records.save(link.keys.store, RECORD, _record(link, ways, tries))


def save_now(link, ways):
    """Keep `ways`, which nobody has tried yet, on flash; False if that cannot be written now."""
    store = link.keys.store
    if store.waiting:
        return False
    try:
        records.write(store, RECORD, json.dumps(_record(link, ways, 0)).encode())
        return True
    except OSError:
        return False


def _record(link, ways, tries):
    return {"key": _mark(link.csms), "profile": link.csms["profile"], "ways": ways, "tries": tries}
