"""A charge point for the tests of profiles and engine: everything is real but the time and the far end of the link.

`play(story)` runs `async def story(site)` with a Site that is connected and accepted.
"""

import asyncio
import sys

from central_system import TIME, Central
from helpers import finish, folder, replaced
from sim_board import Board

from hal.evse.machine import Evse
from hal.evse.facts import EvseFacts
from hal.evse.safety_loop import Safety
from app.compose import restore_registers
import ocpp.engine
import ocpp.link
from ocpp import log
from memory import load, unload
from profiles.core import Core

_CSMS = {"url": "ws://h", "urls": {"1": "", "2": "", "3": ""}, "authorization_key": "", "ca_cert": ""}


class Found(AssertionError):
    """Something went wrong where nobody would have noticed."""


class PowerCut(SystemExit):
    """Not even a supervisor survives it."""


class Site:
    """A charge point over the folder `path`; each connector a socket with a lock. `keys`: first values; `board`:
    the configuration of each connector; `profiles`: the classes of those beside Core."""

    unloads_code = True  # at each start, as on a board
    identity = {"chargePointVendor": "v", "chargePointModel": "m"}  # BootNotification.req

    def __init__(self, path, connectors=1, keys=None, central=None, board=None, boot=True, profiles=()):
        self.path, self.count, self.first, self.boot = path, connectors, keys or {}, boot
        self.profiles = profiles
        self.config = board or {}
        self.central = central or Central()
        self.start_over()

    def start_over(self):
        """What follows a restart: everything made again over the same flash, by a car park without cars."""
        if self.unloads_code:
            unload()
        self.tasks, self.errors, self.restarted = [], [], False
        config = {"csms": dict(_CSMS), "charge_point": {"id": "x"}, "storage": {"path": self.path}, "ocpp": self.first}
        with replaced(ocpp.link, Link=self.central.as_link):
            self.engine = ocpp.engine.Engine(config, dict(self.identity), "schemas/ocpp16.tbl")
        self.engine.restart = self._restarted
        self._spawn = self.engine.spawn
        self.engine.spawn = self.spawn
        self.board = Board([self.config] * self.count, ticks=TIME.ticks_ms)
        self.evses = []
        for number, devices in enumerate(self.board.connectors):
            tethered = self.config.get("cable") == "tethered"
            self.evses.append(Evse(devices, number + 1, self.config.get("phases", 3), socket=not tethered))
            # As on every PC; each turn of its event loop takes 1 ms beside a ThreadSafeFlag.
            self.evses[-1].notify(asyncio.Event())
        restore_registers(self.engine, self.board.connectors)
        self.safety = Safety(self.evses)
        facts = [EvseFacts(evse) for evse in self.evses]
        self.core = Core(facts, self.board.card_reader, [self.config.get("free_id_tag")] * self.count)
        profiles = [self.core] + [profile(self.core) for profile in self.profiles]
        load("ocpp.engine.start").declare_keys(self.engine, profiles)

    def spawn(self, *args):
        """In the place of that of the engine."""
        task = self._spawn(*args)
        self.tasks.append(task)
        return task

    @property
    def reservation(self):
        """The object of the profile Reservation."""
        (found,) = [profile for profile in self.engine.profiles if profile.name == "Reservation"]
        return found

    async def start(self):
        log.exception = self.unexpected  # play() puts it back
        load("ocpp.engine.start").start(self.engine)
        await self.run(20)
        if self.boot:
            await self.engine.accepted.wait()
            await self.settle()

    async def restart(self):
        """A restart of the charge point, cars gone."""
        self.stop()
        self.start_over()
        await self.start()

    def stop(self):
        for task in self.tasks:
            task.cancel()
        self.check()

    def unexpected(self, text, error):
        """A supervisor has caught `error`."""
        self.errors.append(error)

    def _restarted(self):
        self.restarted = True

    def check(self):
        if self.safety.error:
            raise self.safety.error
        for error in self.errors:
            raise error

    async def settle(self):
        """Until nothing more is sent."""
        quiet, count = 0, None
        while quiet < 12:
            quiet = quiet + 1 if count == len(self.central.got) else 0
            count = len(self.central.got)
            await asyncio.sleep_ms(0)
        self.check()

    async def run(self, milliseconds):
        """Let time pass as the safety loop does."""
        for _ in range(milliseconds // 20):
            TIME.ms += 20
            self.safety.step(TIME.ms)
            if any([evse.changed.is_set() for evse in self.evses]):
                await self.settle()
        await self.settle()

    async def wait(self, seconds):
        """Let time pass in steps of a second, with a tick of each connector."""
        for _ in range(seconds):
            TIME.ms += 1000
            for _ in range(2):  # more than two connectors take turns
                self.safety.step(TIME.ms)
            await self.settle()
            for profile in self.engine.profiles:
                if hasattr(profile, "check_time"):
                    profile.check_time()
        await self.settle()

    async def card(self, id_tag, number=None):
        """Someone presents `id_tag`."""
        self.board.card(id_tag, number)
        await self.settle()

    async def charge(self, id_tag="A", number=1):
        """A session begins: card, plug, energy flows."""
        await self.card(id_tag, number)
        self.board.ev(number, "C")
        await self.run(4000)
        return self.core.connectors[number - 1]

    async def change(self, **keys):
        for name, text in keys.items():
            answer = await self.central.ask("ChangeConfiguration", key=name, value=text)
            if answer["status"] != "Accepted":
                raise Found("%s: %s" % (name, answer))

    def told(self, number=1):
        """What the central system has received of a connector: "Status" or "Status errorCode"."""
        told = []
        for payload in self.central.of("StatusNotification"):
            if payload["connectorId"] == number:
                code = payload["errorCode"]
                told.append(payload["status"] + ("" if code == "NoError" else " " + code))
        return told


async def send_heartbeat(site):
    """Let a Heartbeat be due, and wait for its answer."""
    site.engine.keys.values["HeartbeatInterval"] = 0.001
    await asyncio.sleep_ms(2)
    site.engine.heartbeat()
    site.engine.keys.values["HeartbeatInterval"] = 3600
    await site.settle()


async def until(condition):
    """Until `condition()`; TimeoutError after 10 s."""
    for _ in range(10000):
        if condition():
            return
        await asyncio.sleep_ms(1)
    raise asyncio.TimeoutError


def play(story, start=True, **options):
    """Run `story(site)`; nothing may have failed on the way that a supervisor or the safety loop has caught. Without
    `start` the story starts the site itself, and waits itself for what comes of it."""
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    TIME.ms = 0
    log.configure("error")

    async def main():
        site = Site(folder("site"), boot=start, **options)
        if start:
            await site.start()
        await story(site)
        site.stop()

    async def limited():
        await finish(main())

    with replaced(log, exception=log.exception):  # Site.start() has its own
        asyncio.run(limited())
