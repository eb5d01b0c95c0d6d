"""How a connection comes about, and the time between two tries; loaded for each try (OCPP-J 5.3, J 3.4)."""

import asyncio
import random
import time

from micropython import const

from ocpp import log, websocket
from ocpp.websocket.frames import MAX_MESSAGE, HandshakeError
import heap
import memory

_CONNECT_S = const(30)
_TLS_BYTES = const(36000)  # of ESP-IDF's memory, for the handshake: with less it may stand still in the middle
_LOOKS = const(50)  # for them, one in 100 ms
_PACKET_BYTES = const(3000)  # with less of ESP-IDF's memory no packet comes in
_STARVED_MS = const(8000)  # so long: then the handshake will not go on
_STARVED_TRIES = const(2)  # as many failed tries as one of these counts for: the second one restarts the radio
_LOOK_MS = const(50)
_ENOMEM = const(12)
_UNAUTHORIZED = (401, 403)
_DENIED = "FailedToAuthenticateAtCentralSystem"
# ENOMEM, ENETUNREACH, ENOBUFS, EHOSTUNREACH with the numbers of ESP-IDF and of Linux, and what its look-up of a name
# says without memory.
_OWN_FAULTS = (12, 101, 114, 105, 113, 118, -203)


async def connect(link, take):
    """The open WebSocket to the central system, which hands its messages to `take`, or None with a log line that says
    why; and the seconds after which the server wants to be asked again, 0 if it did not name any."""
    link.root = link.client = None
    way, url = _way(link)
    log.info("connecting to %s", url.split("?")[0])  # a query may be a secret
    if log.frames:
        from ocpp.log import dump

        take = dump.received_by(take)
    try:
        socket = await _opened(link, way, url, take)
        link.dead, link.told = 0, None
        if log.frames:
            socket.send = dump.sent_by(socket.send)
        if link.on_trial:
            _watch_trial(link)
        return socket, 0
    except HandshakeError as error:
        _refused(link, way, error)
        return None, error.retry_after_s
    except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
        log.warning("no connection: %r", error)
        link.dead = link.dead + 1 if getattr(error, "errno", 0) in _OWN_FAULTS else 0
        _failed(link)
    except MemoryError as error:
        log.warning("no connection: %s", error)
        memory.unload()
        link.dead += 1
        _failed(link)
    finally:
        link.opening = False
    return None, 0


def _way(link):
    """(the way to take, its URL). This and what follows are apart, for connect() waits for long and would keep the
    modules in memory."""
    from ocpp.link import address, ways

    way = ways.choose(link)
    return way, address.url_of(link.csms, way[0])


def _failed(link, denied=False):
    from ocpp.link import ways

    ways.failed(link, denied)


def _watch_trial(link):
    from ocpp.link import ways

    asyncio.create_task(ways.watch_trial(link))


def _refused(link, way, error):
    """Log why, and tell the security event once until a connection stands."""
    text, event = error.text, error.event
    log.warning("no connection: %s", text)
    link.dead = 0
    denied = error.status in _UNAUTHORIZED and way[0] in (1, 2)
    if denied:
        event, text = _DENIED, "the central system refuses the AuthorizationKey"
    _failed(link, denied or event == _DENIED)
    if event and link.told != text:
        link.told = text
        from ocpp import events

        events.tell(event, text)


async def _opened(link, way, url, take):
    tls, host, port, target, options = _request(link, way, url, take)
    link.opening = tls
    if link.net:
        await _find(link.net, tls, host, options)
    if tls:
        await _room()
    opening = _secured(link, way, host, port, target, options) if tls else None
    if not opening:
        opening = websocket.connect(host, port, target, **options)
    if tls and heap.esp32:
        opening = _patiently(link, opening)
    else:
        opening = asyncio.wait_for(opening, _CONNECT_S)  # type: ignore
    socket = await opening
    if link.net:
        try:
            from ocpp.link import lookup

            lookup.connected(link.net, host, options["address"])
        except MemoryError:  # the connection is worth more
            log.warning("the address of %s is not kept", host)
    return socket


def _request(link, way, url, take):
    """(whether with TLS, host, port, path of the request, options of websocket.connect())."""
    from ocpp.link import address

    tls, host, port, path = address.split_url(url)
    options = {
        "headers": address.headers_of(link.csms, link.identity, way),
        "max_message": MAX_MESSAGE,
        "on_message": take,
        "on_tls": link.on_tls,
    }
    return tls, host, port, address.target(path, link.identity), options


async def _find(net, tls, host, options):
    """Set the clock, if TLS needs it, and look the name of the host up."""
    from ocpp.clock import sntp
    from ocpp.link import lookup

    await sntp.prepare(net, tls)
    options["address"] = await lookup.prepare(net, host)


async def _patiently(link, opening):
    """The result of the coroutine `opening` on a board, with TLS. asyncio.TimeoutError; OSError ENOMEM when the
    handshake stands still because ESP-IDF has no memory for a packet."""
    ended = []  # type: list
    task = asyncio.create_task(_kept(opening, ended))
    begun = fed = time.ticks_ms()
    try:
        while not ended:
            await asyncio.sleep_ms(_LOOK_MS)
            now = time.ticks_ms()
            if heap.free_of_idf() >= _PACKET_BYTES:
                fed = now
            if time.ticks_diff(now, fed) > _STARVED_MS:
                link.dead += _STARVED_TRIES - 1
                raise OSError(_ENOMEM)
            if time.ticks_diff(now, begun) > _CONNECT_S * 1000:
                raise asyncio.TimeoutError
    finally:
        if not ended:
            task.cancel()
    if isinstance(ended[0], Exception):
        raise ended[0]
    return ended[0]


async def _kept(opening, ended):
    """Put the result of `opening`, or its exception, into the list `ended`."""
    try:
        ended.append(await opening)
    except Exception as error:
        ended.append(error)


async def _room():
    """Wait until ESP-IDF has memory for the handshake, for what was closed just now gives its own back later; not for
    ever."""
    for _ in range(_LOOKS):
        left = heap.free_of_idf()
        if left is None or left >= _TLS_BYTES:
            return
        await asyncio.sleep_ms(100)
    log.warning("the handshake of TLS begins with %d bytes of memory", left)


def _secured(link, way, host, port, target, options):
    from ocpp.link import secure

    return secure.connect(link, way[0], host, port, target, options)


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
