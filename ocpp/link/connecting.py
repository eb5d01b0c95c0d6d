"""How a connection comes about, and the time between two tries; loaded for each try (OCPP-J 5.3, J 3.4)."""

import asyncio
import random

from micropython import const

from ocpp import log, websocket
from ocpp.websocket.frames import MAX_MESSAGE, HandshakeError

_CONNECT_S = const(30)
# ENOMEM, ENETUNREACH, ENOBUFS, EHOSTUNREACH with the numbers of ESP-IDF and of Linux, and what its look-up of a name
# says without memory.
_OWN_FAULTS = (12, 101, 114, 105, 113, 118, -203)


async def connect(link, take):
    """The open WebSocket to the address of `link`, which hands its messages to `take`, or None with a log line that
    says why; and the seconds after which the server wants to be asked again, 0 if it did not name any."""
    address = link.address
    log.info("connecting to %s:%d%s", *address[:2], address[2].split("?")[0])  # a query may be a secret
    if log.frames:
        from ocpp.log import dump

        take = dump.received_by(take)
    try:
        socket = await _opened(address, take, link.net, link.on_tls)
        link.dead = 0
        if log.frames:
            socket.send = dump.sent_by(socket.send)
        return socket, 0
    except HandshakeError as error:
        log.warning("no connection: %s", error)
        link.dead = 0
        return None, error.retry_after_s
    except (OSError, EOFError, asyncio.TimeoutError) as error:
        log.warning("no connection: %r", error)
        link.dead = link.dead + 1 if getattr(error, "errno", 0) in _OWN_FAULTS else 0
    return None, 0


async def _opened(address, take, net, on_tls):
    host, port, path, tls, headers = address
    options = {"tls": tls, "headers": headers, "max_message": MAX_MESSAGE, "on_message": take, "on_tls": on_tls}
    if net:
        from ocpp.clock import sntp
        from ocpp.link import lookup

        await sntp.prepare(net, tls is not None)
        options["address"] = await lookup.prepare(net, host)
    socket = await asyncio.wait_for(websocket.connect(host, port, path, **options), _CONNECT_S)  # type: ignore
    if net:
        try:
            from ocpp.link import lookup

            lookup.connected(net, host, options["address"])
        except MemoryError:  # the connection is worth more
            log.warning("the address of %s is not kept", host)
    return socket


async def back_off(step_s, bounds_s, retry_after_s=0):
    """Wait before the next try, twice the last step `step_s` (0 after a good connection) within `bounds_s`, less a
    random part of up to its half, so that the points of a site do not come back all at once; the step it was.

    With `retry_after_s` the wait is that within `bounds_s`, and a random part of up to a tenth more."""
    first, longest = bounds_s
    step_s = min(longest, step_s * 2) or first
    if retry_after_s:
        wait = min(longest, max(first, retry_after_s)) * 1000
        wait += random.getrandbits(16) * min(wait // 10, longest * 1000 - wait) // 65535
    else:
        wait = step_s * 1000
        wait -= random.getrandbits(16) * (wait // 2) // 65535
    log.info("next try in %d.%d s", wait // 1000, wait // 100 % 10)
    await asyncio.sleep_ms(wait)
    return step_s
