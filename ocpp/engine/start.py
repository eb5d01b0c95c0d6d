"""Begins and ends a run: builds the engine, decides which profiles work, shuts down (1.6 5.14); loaded for that."""

import asyncio

from micropython import const

_ANSWER_MS = const(100)
_WAITING_S = const(30)


def build(engine, config, schema_path):
    """(store, clock, keys, schema, outbox, link, rpc) of `engine`; arguments as of Engine()."""
    from ocpp.clock import Clock
    from ocpp.keys import Keys
    from ocpp.link import Link
    from ocpp.outbox import Outbox
    from ocpp.rpc import Rpc
    from ocpp.schema import Schema
    from ocpp.store import Store

    store = Store(config["storage"]["path"])
    from ocpp.store import inventory

    inventory.check_records(store)
    clock = Clock(store.load("clock", 0))
    keys = Keys(store, config["ocpp"])
    schema = Schema(schema_path)
    outbox = Outbox(store, clock, keys)
    link = Link(config["csms"], config["charge_point"]["id"], keys)
    from ocpp.link import ways

    ways.begin(link)
    link.rpc = rpc = Rpc(link.send, None, schema, engine.message_timeout, engine)
    link.on_up = engine.on_up
    return store, clock, keys, schema, outbox, link, rpc


def declare_keys(engine, profiles):
    """Switch on those of `profiles` that the owner wants and declare all keys. ValueError for a wrong first value."""
    keys = engine.keys
    keys.declare("ocpp.engine.engine_keys")
    known = [profile.name for profile in profiles]
    chosen = keys["SupportedFeatureProfiles"] or known
    for name in chosen:
        if name not in known:
            raise ValueError("ocpp.SupportedFeatureProfiles: %r is not one of %s" % (name, ", ".join(known)))
    engine.profiles = [profile for profile in profiles if profile.name in chosen]
    engine.switched_off = [profile for profile in profiles if profile.name not in chosen]
    keys.values["SupportedFeatureProfiles"] = [profile.name for profile in engine.profiles if profile.listed]
    for profile in engine.profiles:
        if profile.keys:
            keys.declare(*profile.keys)
    unknown = keys.unknown_first_value()
    if unknown:
        raise ValueError("ocpp.%s: this charge point has no such key" % unknown)


def start(engine):
    """Start the profiles and everything that runs for ever."""
    engine.keys.watch("HeartbeatInterval", engine.reset_heartbeat_timer)
    for profile in engine.profiles:
        profile.start(engine)
    for run in (engine.link.run, engine.rpc.run, engine.every_second):
        engine.spawn(run)
    from ocpp.engine import boot_notification

    engine.spawn(boot_notification.register, engine)
    engine.spawn(engine.outbox.run, engine.rpc.call, engine.ready)


async def shut_down(engine, seconds, why):
    """Restart after the answers of this moment have left, and after the outbox is empty or `seconds` have passed."""
    from ocpp import events

    events.tell("ResetOrReboot", why)
    store = engine.store
    from ocpp.store import flush

    flush.write_all(store)
    if store.waiting and seconds < _WAITING_S:
        seconds = _WAITING_S  # messages that are in memory only should be delivered before
    ends = engine.clock.uptime() + seconds
    await asyncio.sleep_ms(_ANSWER_MS)
    while engine.outbox.queued and engine.online and engine.clock.uptime() < ends:
        await asyncio.sleep_ms(_ANSWER_MS)
    store.save("clock", engine.clock.now())
    await engine.link.close()
    from ocpp.log import writing

    writing.finish()
    engine.restart()
