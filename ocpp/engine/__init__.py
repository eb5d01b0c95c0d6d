"""The boot handshake, the heartbeat, the routing of actions to profiles, requests (1.6 4.2, 4.6)."""

import asyncio
import time

from ocpp import log
from ocpp.errors import Offline
from ocpp.engine.registration import ACCEPTED, PENDING
import memory


class Engine:
    """What profiles use: `keys`, `clock`, `store`, `outbox`, `call()`, `spawn()`; `restart()` is set by main. How it
    starts and ends is in start.py."""

    def __init__(self, config, boot_payload, schema_path):
        """`config`: the checked config.json; `boot_payload`: the fields of BootNotification.req (6.3)."""
        self.boot_payload = boot_payload
        self.profiles, self.switched_off = [], []
        self.routed = (None, None, None)  # the last action, and what handles it, see rpc/answering.py
        self.registration = None  # the status of BootNotification.conf
        self.restart = None
        self.boot_id = None  # the messageId of a BootNotification that is sent again
        self.booting = False  # register() runs
        self.booted_on_this_connection = self.heartbeat_due = self.heartbeat_refused = False
        self.connection_up = asyncio.Event()
        self.accepted = asyncio.Event()
        self.boot_requested = asyncio.Event()
        from ocpp.engine import start

        parts = start.build(self, config, schema_path)
        self.store, self.clock, self.keys, self.schema, self.outbox, self.link, self.rpc = parts
        self.each_second = [self.link.watch, self.heartbeat]
        self.last_heartbeat_ms = time.ticks_ms()

    def spawn(self, function, *args):
        """Run the coroutine function for ever: an error ends one run with a log line, not the charge point."""
        return asyncio.create_task(self._supervise(function, args))

    async def _supervise(self, function, args):
        while True:
            try:
                await function(*args)
                return
            except Exception as error:
                if isinstance(error, MemoryError):
                    memory.unload()
                log.exception("task failed, starting it again", error)
                await asyncio.sleep(1)

    @property
    def online(self):
        """Connected and accepted: requests can be sent."""
        return self.link.connected and self.registration == ACCEPTED

    def ask(self, question, *args):
        """The first answer of the profiles that is not None; profiles/__init__.py has the questions."""
        for profile in self.profiles:
            if question in profile.answers:
                module = "profiles.%s.%s" % (profile.folder, profile.answering)
                answer = getattr(memory.load(module), question)(profile, *args)
                if answer is not None:
                    return answer
        return None

    async def call(self, action, payload, triggered=False):
        """The response's payload. CallError as answered; Offline without an answer, or if none may be asked for (4.2).

        `triggered`: the central system asked for this message, so it may leave while Pending."""
        if not (self.online or triggered and self.registration == PENDING and self.link.connected):
            raise Offline
        return await self.rpc.call(action, payload)

    def message_timeout(self):
        """Seconds to wait for an answer."""
        return self.keys["MessageTimeout"]

    async def ready(self):
        """Wait for the connection and the acceptance, with which the clock is set."""
        while not self.online:
            await self.accepted.wait()
            if not self.link.connected:
                self.connection_up.clear()
                await self.connection_up.wait()

    def on_up(self):
        self.connection_up.set()
        self.booted_on_this_connection = False
        self.boot_id = None
        if self.registration is None:
            self.boot_requested.set()
        if self.registration == ACCEPTED:
            for profile in self.profiles:
                profile.reconnected()
            self.heartbeat()

    async def every_second(self):
        """Call the functions `each_second` once a second, for ever."""
        while True:
            await asyncio.sleep(1)
            for function in self.each_second:
                function()
            if self.store.waiting:
                import ocpp.store.flush

                ocpp.store.flush.retry(self.store, self.clock.uptime())

    def reset_heartbeat_timer(self):
        """The time until the next Heartbeat begins now."""
        self.last_heartbeat_ms = time.ticks_ms()
        self.heartbeat_due = False

    def heartbeat(self):
        """Called once a second and on each connection. Heartbeat every HeartbeatInterval; 0 leaves one a day (4.6,
        OCPP-J 5.3). One that is due while offline is sent on reconnection."""
        interval = self.keys["HeartbeatInterval"] or 86400
        if self.accepted.is_set() and time.ticks_diff(time.ticks_ms(), self.last_heartbeat_ms) >= interval * 1000:
            self.reset_heartbeat_timer()
            self.heartbeat_due = True
        if self.heartbeat_due and self.online:
            self.reset_heartbeat_timer()
            from ocpp.engine import heartbeat

            asyncio.create_task(heartbeat.send(self))
