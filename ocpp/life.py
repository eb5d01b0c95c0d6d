"""How a start begins and ends: which profiles work, BootNotification until it is accepted, the clock, the restart
(1.6 4.2, 4.6, OCPP-J 5.4); loaded on demand."""

import asyncio

from micropython import const

from ocpp import log
from ocpp.registration import ACCEPTED
from ocpp.engine_keys import LONGEST_S
from ocpp.errors import CallError, Offline

_ANSWER_MS = const(100)
_WAITING_S = const(30)
_OWN_INTERVAL = const(30)  # where the central system leaves the wait to us (4.2)


def furnish(engine, config, boot_payload, schema_path):
    """Make everything that `engine` consists of; arguments as of Engine()."""
    from ocpp.clock import Clock
    from ocpp.keys import Keys
    from ocpp.link import Link
    from ocpp.outbox import Outbox
    from ocpp.rpc import Rpc
    from ocpp.schema import Schema
    from ocpp.store import Store

    engine.boot_payload = boot_payload
    engine.profiles, engine.switched_off = [], []
    engine.routed = (None, None, None)  # the last action, and where it went
    engine.registration = engine.restart = engine.boot_id = None
    engine.booting = False  # register() runs
    engine.booted_here = False  # BootNotification was accepted on this connection
    engine.beat_refused = False
    engine.store = store = Store(config["storage"]["path"])
    from ocpp import store_check

    store_check.check_records(store)
    engine.clock = Clock(store.load("clock", 0))
    engine.keys = keys = Keys(store, config["ocpp"])
    engine.schema = Schema(schema_path)
    engine.outbox = Outbox(store, engine.clock, keys)
    engine.link = link = Link(config["csms"], config["charge_point"]["id"], keys)
    engine.rpc = link.rpc = Rpc(link.send, engine.serve, engine.schema, lambda: keys["MessageTimeout"])
    link.on_up = engine.on_up
    for name in ("up", "accepted", "boot_now"):
        setattr(engine, name, asyncio.Event())
    engine.each_second = [link.watch, engine.heartbeat]
    engine.beat_anew()


def prepare(engine, profiles):
    """Decide which of `profiles` work and declare all keys. ValueError for a wrong first value of a key."""
    keys = engine.keys
    keys.declare("ocpp.engine_keys")
    known = [profile.name for profile in profiles]
    chosen = keys["SupportedFeatureProfiles"] or known
    for name in chosen:
        if name not in known:
            raise ValueError("ocpp.SupportedFeatureProfiles: %r is not one of %s" % (name, ", ".join(known)))
    engine.profiles = [profile for profile in profiles if profile.name in chosen]
    engine.switched_off = [profile for profile in profiles if profile.name not in chosen]
    keys.values["SupportedFeatureProfiles"] = [profile.name for profile in engine.profiles]
    for profile in engine.profiles:
        if profile.keys:
            keys.declare(*profile.keys)
    unknown = keys.unknown_first_value()
    if unknown:
        raise ValueError("ocpp.%s: this charge point has no such key" % unknown)


def start(engine):
    """Start the profiles and everything that runs for ever."""
    engine.keys.watch("HeartbeatInterval", engine.beat_anew)
    for profile in engine.profiles:
        profile.start(engine)
    for run in (engine.link.run, engine.rpc.run, engine.every_second):
        engine.spawn(run)
    engine.spawn(register, engine)
    engine.spawn(engine.outbox.run, engine.rpc.call, engine.ready)


async def register(engine, again=False):
    """BootNotification until it is accepted; a mere reconnection sends none. One more if the central system wants it
    `again`, which lapses when the connection breaks first."""
    engine.booting = True
    while again or engine.registration != ACCEPTED:
        if not engine.link.connected:
            if engine.registration == ACCEPTED:
                break
            engine.up.clear()
            await engine.up.wait()
        again = False
        wait = await _boot(engine)
        if engine.registration != ACCEPTED:
            await _wait(engine, min(wait, LONGEST_S))
    engine.booting = False


def boot_again(engine):
    """The central system has asked for a BootNotification (5.17)."""
    if engine.booting:
        engine.boot_now.set()
    else:
        engine.spawn(register, engine, True)


async def _wait(engine, seconds):
    """`seconds`, or until the central system asks for a BootNotification, or until there is a new connection to one
    that has not answered yet: the interval of one that has goes on (4.2)."""
    engine.boot_now.clear()
    try:
        await asyncio.wait_for(engine.boot_now.wait(), seconds)
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
    from ocpp import heartbeat
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
    engine.booted_here = True
    if interval > 0:
        engine.keys.change("HeartbeatInterval", str(interval))
    engine.beat_anew()
    for profile in engine.profiles:
        profile.accepted()
    engine.accepted.set()


async def shut_down(engine, seconds):
    """Restart after the answers of this moment have left, and after the outbox is empty or `seconds` have passed."""
    store = engine.store
    from ocpp import store_waiting
    store_waiting.write_all(store)
    if store.waiting and seconds < _WAITING_S:
        seconds = _WAITING_S  # what is in memory only should be delivered before
    ends = engine.clock.uptime() + seconds
    await asyncio.sleep_ms(_ANSWER_MS)
    while engine.outbox.queued and engine.online and engine.clock.uptime() < ends:
        await asyncio.sleep_ms(_ANSWER_MS)
    store.save("clock", engine.clock.now())
    await engine.link.close()
    engine.restart()
