"""How a connection comes about, and the time between two tries; loaded for the moment (OCPP-J 5.3, J 3.4)."""

import asyncio
import random

from micropython import const

from . import log, websocket
from .link import MAX_MESSAGE

_CONNECT_S = const(30)


async def connect(address, take):
    """The open WebSocket to `address`, which hands its messages to `take`, or None with a log line that says why."""
    host, port, path, tls, headers = address
    log.info("connecting to %s:%d%s", host, port, path)
    opening = websocket.connect(host, port, path, tls=tls, headers=headers, max_message=MAX_MESSAGE, on_message=take)
    try:
        return await asyncio.wait_for(opening, _CONNECT_S)
    except websocket.HandshakeError as error:
        log.warning("no connection: %s", error)
    except (OSError, EOFError, asyncio.TimeoutError) as error:
        log.warning("no connection: %r", error)
    return None


async def back_off(step_s, bounds_s):
    """Wait before the next try, twice the last step `step_s` (0 after a message) within `bounds_s`, less a random part
    of up to its half, so that the points of a site do not come back all at once; the step it was."""
    first, longest = bounds_s
    step_s = min(longest, step_s * 2) or first
    wait = step_s * 1000
    wait -= random.getrandbits(16) * (wait // 2) // 65535
    log.info("next try in %d.%d s", wait // 1000, wait // 100 % 10)
    await asyncio.sleep_ms(wait)
    return step_s
