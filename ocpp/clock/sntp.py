"""The time from an SNTP server (RFC 4330), for a board that needs it to verify the central system's certificate; loaded
for it. It is set in the board's clock only: the server proves nothing, and what a transaction, a limit or a reservation
depends on is the central system's time."""

import os
import time

from micropython import const

from ocpp import log
from ocpp.link.lookup import PLAUSIBLE_S, address_of, set_board_clock

PORT = 123
PATIENCE_MS = 3000
_REQUEST = b"\x23" + bytes(39)  # version 4, client
_SIZE = const(48)
_TO_2000 = 3155673600  # seconds from 1900
_SOONEST_S, _LATEST_S = const(4), const(1024)  # between two requests
REFUSED = -1


def seconds_of(answer, nonce, earliest):
    """Seconds since 2000 in the bytes `answer` to the request with `nonce`; REFUSED if the server wants no more.

    None if it is no answer to it, or if its time cannot be right: before `earliest`, in seconds, or 20 years later."""
    if len(answer) < _SIZE or answer[24:32] != nonce:
        return None
    leap, version, mode, stratum = answer[0] >> 6, answer[0] >> 3 & 7, answer[0] & 7, answer[1]
    if mode != 4 or not 3 <= version <= 4:
        return None
    if stratum == 0:  # a kiss of death, RFC 4330 8
        return REFUSED
    sent = answer[40:48]
    if leap == 3 or stratum > 15 or sent == bytes(8):  # not synchronized itself
        return None
    # They are counted from 1900, and from 0 again in 2036.
    seconds = (int.from_bytes(sent[:4], "big") - _TO_2000) & 0xFFFFFFFF
    return seconds if earliest <= seconds < earliest + PLAUSIBLE_S else None


async def prepare(net, needs_time):
    """Set the board's clock if it has to be right for the next connection, and only an SNTP server can tell it."""
    if needs_time and net.ntp and not net.engine.clock.synced:
        await set_clock(net)


async def set_clock(net):
    """Set the board's clock by the server net.ntp, unless it was asked not long ago; the log says what came of it."""
    if net.ntp_wait_s and time.ticks_diff(time.ticks_ms(), net.ntp_asked) < net.ntp_wait_s * 1000:
        return
    try:
        address = await address_of(net, net.ntp)
        if address is None:
            return
        net.ntp_asked = time.ticks_ms()
        seconds = await _asked(address, net.earliest)
    except OSError as error:  # the network is not there yet: the next try may be soon
        log.warning("network.ntp: %r", error)
        return
    net.ntp_wait_s = _LATEST_S if seconds == REFUSED else min(net.ntp_wait_s * 2, _LATEST_S) or _SOONEST_S
    if seconds is None or seconds == REFUSED:
        log.warning("network.ntp: no time from %s", net.ntp)
        return
    set_board_clock(net, seconds)
    from ocpp.clock import iso8601

    log.info("the time from %s is %s", net.ntp, iso8601.text_of(seconds))


async def _asked(address, earliest):
    """As seconds_of(), from the server at `address`; None also when nothing came."""
    nonce = os.urandom(8)
    from ocpp.link import datagram

    return await datagram.ask(
        (address, PORT), _REQUEST + nonce, lambda answer: seconds_of(answer, nonce, earliest), PATIENCE_MS
    )
