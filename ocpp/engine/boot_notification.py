"""The boot handshake: BootNotification until it is accepted (1.6 4.2, OCPP-J 5.4); loaded on demand."""

import asyncio

from micropython import const

from ocpp import log
from ocpp.engine.engine_keys import LONGEST_S
from ocpp.errors import CallError, Offline
from ocpp.engine.registration import ACCEPTED

_OWN_INTERVAL = const(30)  # where the central system leaves the wait to us (4.2)


async def register(engine, again=False):
    """BootNotification until it is accepted; a mere reconnection sends none. One more if the central system wants it
    `again`, which lapses when the connection breaks first."""
    engine.booting = True
    while again or engine.registration != ACCEPTED:
        if not engine.link.connected:
            if engine.registration == ACCEPTED:
                break
            engine.connection_up.clear()
            await engine.connection_up.wait()
        again = False
        wait = await _boot(engine)
        if engine.registration != ACCEPTED:
            await _wait(engine, min(wait, LONGEST_S))
    engine.booting = False


def boot_again(engine):
    """The central system has asked for a BootNotification (5.17)."""
    if engine.booting:
        engine.boot_requested.set()
    else:
        engine.spawn(register, engine, True)


async def _wait(engine, seconds):
    """`seconds`, or until the central system asks for a BootNotification, or until there is a new connection to one
    that has not answered yet: the interval of one that has goes on (4.2)."""
    engine.boot_requested.clear()
    try:
        await asyncio.wait_for(engine.boot_requested.wait(), seconds)
    except asyncio.TimeoutError:
        pass


async def _boot(engine):
    """One BootNotification; the seconds to wait before the next. One that was not answered in time is sent again under
    the same messageId (J 3.1), so that the answer of a slow central system counts, whichever try it belongs to."""
    engine.boot_id = engine.boot_id or engine.rpc.new_id()
    try:
        answer = await engine.rpc.call("BootNotification", engine.boot_payload, engine.boot_id)
    except Offline:
        return 1
    except CallError as error:
        log.warning("BootNotification failed: %s", error)
        engine.boot_id = None
        return _OWN_INTERVAL
    engine.boot_id = None
    from ocpp.engine import heartbeat

    heartbeat.take_time(engine, answer.get("currentTime"))
    interval = answer.get("interval", 0)
    if "status" in answer:
        _registered(engine, answer["status"], interval)
    return interval if interval > 0 else _OWN_INTERVAL


def _registered(engine, status, interval):
    """The central system has answered BootNotification with `status` (4.2)."""
    log.info("registration %s, interval %d s", status, interval)
    engine.registration = status
    if status != ACCEPTED:
        engine.accepted.clear()
        return
    engine.booted_on_this_connection = True
    if interval > 0:
        engine.keys.change("HeartbeatInterval", str(interval))
    engine.reset_heartbeat_timer()
    for profile in engine.profiles:
        profile.accepted()
    engine.accepted.set()
