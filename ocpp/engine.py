"""The boot handshake, the heartbeat, the routing of actions to profiles, start and stop of everything (1.6 4.2, 4.6)."""

import asyncio
import gc
import sys

from micropython import const

from . import log
from .clock import Clock
from .errors import NotImplementedAction, NotSupported
from .keys import Keys
from .link import Link
from .outbox import Outbox
from .rpc import CallError, Offline, Rpc
from .schema import Schema
from .store import Store

ACCEPTED, PENDING, REJECTED = "Accepted", "Pending", "Rejected"
_OWN_INTERVAL = const(30)  # where the central system leaves the wait to us (4.2)
_ANSWER_MS = const(100)
_DROP_BELOW = const(24000)  # bytes of free heap below which rarely used code goes

KEYS = (
    ("HeartbeatInterval", "RW", "i", "3600", (0, 604800)),
    ("MessageTimeout", "RW", "i", "30", (1, 3600)),
    ("SupportedFeatureProfiles", "R", "l", "", None),
    ("TransactionMessageAttempts", "RW", "i", "3", (0, 1000)),
    ("TransactionMessageRetryInterval", "RW", "i", "60", (0, 86400)),
    ("WebSocketPingInterval", "RW", "i", "60", (0, 86400)),
)


def file_name(action):
    """The name of the file that handles `action`: GetConfiguration -> get_configuration."""
    return "".join("_" + c.lower() if c.isupper() else c for c in action)[1:]


class Engine:
    """What profiles use: `keys`, `clock`, `store`, `outbox`, `call()`, `spawn()`; `restart()` is set by main."""

    def __init__(self, config, boot_payload, schema_path):
        """`config`: the checked config.json; `boot_payload`: the fields of BootNotification.req (6.3)."""
        self._boot_payload = boot_payload
        self._profiles = []
        self._stored_time = None
        self.registration = None
        self.store = Store(config["storage"]["path"])
        self.clock = Clock(self.store.load("clock", 0))
        self.keys = Keys(self.store, config["ocpp"])
        self.keys.declare(KEYS)
        self.schema = Schema(schema_path)
        self.outbox = Outbox(self.store, self.clock, self.keys)
        self.link = Link(config["csms"], config["charge_point"]["id"], self.keys)
        self.rpc = Rpc(self.link.send, self._serve, self.schema.check, lambda: self.keys["MessageTimeout"])
        self.link.rpc = self.rpc
        self.link.on_up = self._on_up
        self.restart = None
        self._up = asyncio.Event()
        self._accepted = asyncio.Event()
        self._boot_now = asyncio.Event()
        self._beat = asyncio.Event()
        self.keys.watch("HeartbeatInterval", self._beat.set)

    def add(self, profile):
        """Make `profile` part of this charge point; it is advertised unless the owner's configuration leaves it out."""
        self._profiles.append(profile)

    def prepare(self):
        """Decide which profiles work and declare their keys. ValueError for a wrong first value of a key."""
        known = [profile.name for profile in self._profiles]
        chosen = self.keys["SupportedFeatureProfiles"] or known
        for name in chosen:
            if name not in known:
                raise ValueError("ocpp.SupportedFeatureProfiles: %r is not one of %s" % (name, ", ".join(known)))
        self._profiles = [profile for profile in self._profiles if profile.name in chosen]
        self.keys.set_fixed("SupportedFeatureProfiles", [profile.name for profile in self._profiles])
        for profile in self._profiles:
            self.keys.declare(profile.keys)
        unknown = self.keys.unknown_first_values()
        if unknown:
            raise ValueError("ocpp.%s: this charge point has no such key" % unknown[0])

    def start(self):
        """Start the profiles and everything that runs for ever."""
        for profile in self._profiles:
            profile.start(self)
        for run in (self.link.run, self.rpc.run, self._register, self._heartbeat):
            self.spawn(run)
        self.spawn(self.outbox.run, self.deliver)

    def spawn(self, function, *args):
        """Run the coroutine function for ever: an error ends one run with a log line, not the charge point."""
        return asyncio.create_task(self._supervise(function, args))

    async def _supervise(self, function, args):
        while True:
            try:
                await function(*args)
                return
            except Exception as error:
                log.exception("task failed, starting it again", error)
                await asyncio.sleep(1)

    @property
    def online(self):
        """Connected and accepted: requests can be sent."""
        return self.link.connected and self.registration == ACCEPTED

    async def call(self, action, payload, triggered=False):
        """The response's payload. CallError as answered; Offline when there is no answer, or none may be asked for (4.2).

        `triggered`: the central system asked for this message, so it may leave while Pending."""
        if not (self.online or triggered and self.registration == PENDING and self.link.connected):
            raise Offline
        return await self.rpc.call(action, payload)

    async def deliver(self, action, payload, message_id):
        """A transaction message; waits for the connection and the acceptance."""
        while not self.online:
            await self._accepted.wait()
            if not self.link.connected:
                self._up.clear()
                await self._up.wait()
        return await self.rpc.call(action, payload, message_id)

    async def shut_down(self, seconds):
        """Restart after the answers of this moment have left, and after the outbox is empty or `seconds` have passed."""
        ends = self.clock.uptime() + seconds
        await asyncio.sleep_ms(_ANSWER_MS)
        while self.outbox.queued and self.online and self.clock.uptime() < ends:
            await asyncio.sleep_ms(_ANSWER_MS)
        await self.link.close()
        self.restart()

    def _on_up(self):
        self._up.set()
        self._boot_now.set()
        if self.registration == ACCEPTED:
            for profile in self._profiles:
                profile.reconnected()

    async def _register(self):
        """BootNotification until it is accepted; a mere reconnection sends none (4.2, OCPP-J 5.4)."""
        while self.registration != ACCEPTED:
            if not self.link.connected:
                self._up.clear()
                await self._up.wait()
            wait = await self._boot()
            if self.registration != ACCEPTED:
                self._boot_now.clear()
                await self._sleep(wait, self._boot_now if self.registration is None else None)

    async def _sleep(self, seconds, event):
        """`seconds`, or less when `event` is set."""
        if event is None:
            await asyncio.sleep(seconds)
            return
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    async def _boot(self):
        """One BootNotification; the seconds to wait before the next."""
        try:
            answer = await self.rpc.call("BootNotification", self._boot_payload)
        except (Offline, CallError) as error:
            log.warning("BootNotification failed: %s", error)
            return _OWN_INTERVAL if isinstance(error, CallError) else 1
        self.registration = answer["status"]
        log.info("registration %s, interval %d s", self.registration, answer["interval"])
        self._take_time(answer["currentTime"])
        if self.registration == ACCEPTED:
            if answer["interval"] > 0:
                self.keys.change("HeartbeatInterval", str(answer["interval"]))
            for profile in self._profiles:
                profile.accepted()
            self._accepted.set()
        return answer["interval"] if answer["interval"] > 0 else _OWN_INTERVAL

    def _take_time(self, text):
        first = not self.clock.synced
        try:
            moved = self.clock.set(text)
        except ValueError as error:
            log.warning("clock not set: %s", error)
            return
        if first:
            log.info("clock set to %s", self.clock.stamp())
            self.outbox.clock_moved(moved)
        self.store_time()

    def store_time(self):
        """Keep the time on flash, at most every ten minutes, as the start of the clock after a power cut."""
        now = self.clock.now()
        if self._stored_time is None or now - self._stored_time >= 600:
            self._stored_time = now
            self.store.save("clock", now)

    async def _heartbeat(self):
        """Heartbeat every HeartbeatInterval; its answer sets the clock (4.6). 0 leaves one a day for the clock (OCPP-J 5.3)."""
        await self._accepted.wait()
        while True:
            self._beat.clear()
            interval = self.keys["HeartbeatInterval"] or 86400
            try:
                await asyncio.wait_for(self._beat.wait(), interval)
                continue
            except asyncio.TimeoutError:
                pass
            try:
                self._take_time((await self.call("Heartbeat", {}))["currentTime"])
            except (Offline, CallError) as error:
                log.warning("Heartbeat failed: %r", error)

    async def _serve(self, action, payload):
        """Route a CALL: the folder of a profile is its routing table (design 1)."""
        if self.registration == REJECTED:
            log.warning("%s ignored: not accepted by the central system", action)
            return None
        if not self.schema.known(action):
            raise NotImplementedAction(action + " is not known")
        for profile in self._profiles:
            handle = _handler(profile, action)
            if handle is not None:
                self.schema.check(action, False, payload)
                log.info("CALL %s %s", action, payload)
                try:
                    return await handle(profile, payload)
                finally:
                    drop_rare_code()
        raise NotSupported(action + " is not supported")


def _handler(profile, action):
    """The coroutine function that handles `action` in `profile`, or None; imported now if it is not in memory."""
    name = "profiles.%s.%s" % (profile.folder, file_name(action))
    if name not in sys.modules:
        try:
            __import__(name)
        except ImportError as error:
            if name not in str(error):
                raise
            return None
        _rare.append(name)
    return getattr(sys.modules[name], "handle", None)


_rare = []


def drop_rare_code():
    """When memory is short, let go of code that was imported for one message."""
    if gc.mem_free() < _DROP_BELOW:
        while _rare:
            name = _rare.pop()
            package, _, module = name.rpartition(".")
            sys.modules.pop(name, None)
            delattr(sys.modules[package], module)
        gc.collect()
