"""Heartbeat, and the clock that an answer sets (1.6 4.2, 4.6); loaded for it."""

from micropython import const

from ocpp import log
from ocpp.errors import CallError, Offline

_MOVED_S = const(10)  # by which the clock has to be moved to be a security event


async def send(engine):
    """One Heartbeat; its answer sets the clock (4.6)."""
    try:
        take_time(engine, (await engine.call("Heartbeat", {})).get("currentTime"))
        engine.heartbeat_refused = False
    except CallError as error:
        if not engine.heartbeat_refused:
            log.warning("Heartbeat failed: %s", error)
        engine.heartbeat_refused = True
    except Offline:  # which the log has already
        if not engine.link.connected:
            engine.heartbeat_due = True  # send it on the next connection: nobody has answered this one


def take_time(engine, text):
    """Set the clock to `text`, currentTime of an answer or None if it had none that can be read; time stamps taken
    before the first of them are corrected."""
    if text is None:
        return
    first = not engine.clock.synced
    try:
        moved = engine.clock.set(text)
    except ValueError as error:
        log.warning("clock not set: %s", error)
        return
    if engine.link.net:
        from ocpp.link import lookup

        lookup.set_board_clock(engine.link.net, engine.clock.now())
    if first:
        log.info("clock set to %s", engine.clock.stamp())
        from ocpp.outbox import era

        era.clock_moved(engine.outbox, moved)
        engine.store.save("clock", engine.clock.now())
    if abs(moved) >= _MOVED_S:
        from ocpp import events

        events.tell("SettingSystemTime", "by %d s, to %s" % (moved, engine.clock.stamp()))
