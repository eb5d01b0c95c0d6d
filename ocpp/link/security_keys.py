"""SecurityProfile and AuthorizationKey: changes by the central system, and what a profile needs (white paper A01, A05);
loaded for a change."""

import asyncio
import time

from micropython import const

from ocpp import log
from ocpp.link import address, credentials, ways
from x509 import CertificateError, certificate

_LOOK_MS = const(20)
_ANSWER_MS = const(5000)  # in which the answer to the change has left


def change(link, name, text):
    """The status of ChangeConfiguration.conf; if that is Accepted, the change is on flash, and the next connection,
    which follows the answer, tries it."""
    if link.on_trial:
        ways.settle(link)
    old = link.ways[0]
    if name == "SecurityProfile":
        new = _with_profile(link, text)
    else:
        new = _with_key(link, text)
    if new is None:
        return "Rejected"
    if new == old:
        return _kept(link, [old], name) if len(link.ways) > 1 else "Accepted"
    if old[0] == new[0] and old[0] not in (1, 2):
        return _kept(link, [new], name)  # a password that waits for the security profile that uses it
    status = _kept(link, [old, new], name)
    if status == "Accepted":
        if new[0] == 1:
            ways.warn_plain()
        asyncio.create_task(_reconnect(link))
    return status


def _with_profile(link, text):
    """The way with the security profile `text`; None with a log line if it is not higher, or lacks something."""
    now, key = link.ways[0][0], link.ways[-1][1]
    if text not in ("1", "2", "3") or int(text) <= now:
        log.warning("SecurityProfile rejected: not an integer from %d to 3", now + 1)
        return None
    lack = _missing(link, int(text), key)
    if lack:
        log.warning("SecurityProfile %s rejected: there has to be %s", text, lack)
        return None
    return [int(text), key]


def _with_key(link, text):
    if not ways.is_key(text):
        log.warning("AuthorizationKey rejected: not a text of 16 to 40 characters")
        return None
    return [link.ways[-1][0], text]


def _kept(link, new, name):
    """Accepted, if the ways `new` are on flash: a key that a power cut would lose must not be accepted, for then the
    central system refuses the old one (A01.FR.03)."""
    if not ways.save_now(link, new):
        log.error("%s rejected: flash cannot be written", name)
        return "Rejected"
    link.ways, link.tries = new, 0
    from ocpp import events

    events.tell("ReconfigurationOfSecurityParameters", "%s is changed" % name)
    return "Accepted"


async def _reconnect(link):
    """Disconnect when the answer has left (A01, A05.FR.06); the link connects again."""
    began = time.ticks_ms()
    while link.rpc.waiting and time.ticks_diff(time.ticks_ms(), began) < _ANSWER_MS:
        await asyncio.sleep_ms(_LOOK_MS)
    if link.on_trial is None:  # or it has connected again already
        await link.close("change of security profile or key")


def _missing(link, profile, key):
    """What the way [profile, key] lacks, as text, or None if it has everything."""
    if address.url_of(link.csms, profile) is None:
        return "an address with ws: that in csms.url has wss, which security profile 1 would give up"
    if profile in (1, 2) and not (key or link.csms["authorization_key"]):
        return "an AuthorizationKey"
    if profile > 1 and not _has_root(link):
        return "a CentralSystemRootCertificate that is valid now"
    if profile > 2:
        own, now = credentials.client(link), credentials.now(link)
        if not own or not own.begins <= now <= own.ends:
            return "a certificate of the charge point that is valid now"
    return None


def _has_root(link):
    for _, der in credentials.roots(link):
        try:
            root = certificate.read(der)
            if root.not_before <= credentials.now(link) <= root.not_after:
                return True
        except CertificateError:
            pass
    return False
