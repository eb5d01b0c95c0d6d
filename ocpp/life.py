"""How a run begins and ends: what the engine is made of, which profiles work, the restart (1.6 5.14); loaded on
demand."""

import asyncio

from micropython import const

from ocpp import log

_ANSWER_MS = const(100)
_WAITING_S = const(30)


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
    engine.rpc = link.rpc = Rpc(link.send, engine.serve, engine.schema, engine.message_timeout)
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
    from ocpp import boot
    engine.spawn(boot.register, engine)
    engine.spawn(engine.outbox.run, engine.rpc.call, engine.ready)


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
    from ocpp.log import writing

    writing.write(log.kept)
    engine.restart()
