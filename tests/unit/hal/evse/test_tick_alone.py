# micropython only: asyncio and __import__ of MicroPython
"""What a tick may not do, for on a board it interrupts whatever runs: touch asyncio, import, print."""

import asyncio
import builtins

from evse_world import Chance, World
from sim_board import Board

from hal.evse.machine import Evse
from hal.evse.self_test import SelfTest
from hal.evse.safety_loop import Safety

BOARDS = (
    {},
    {"cable": "tethered", "phases": 1, "temperature": "none", "meter": {"type": "none"}},
    {"lock": "solenoid", "pilot": {"reading": "sampled"}, "meter": {"type": "pulse", "pulses_per_kwh": 1000,
                                                                   "volts": 230}},
    {"meter": {"type": "modbus", "model": "sdm630", "map": None, "address": 1, "baudrate": 9600, "parity": "none",
               "volts": 230}},
    {"meter": {"type": "cse7766", "shunt_uohm": 1000}},
)
CODES = ("GroundFailure", "HighTemperature", "EVCommunicationError", "PowerMeterFailure", "OverVoltage",
         "UnderVoltage", "PowerSwitchFailure", "ConnectorLockFailure", "OtherError", "WeakSignal")


class Forbidden(BaseException):
    """Something that a tick may not do; no Exception, or the safety loop would catch it."""


class Ticks:
    """Inside of ticks raises Forbidden for what they may not do; use with `with`."""

    ticking = False

    def __enter__(self):
        self.kept = builtins.print, builtins.__import__, asyncio.Event.set, asyncio.core.create_task, Evse.tick
        builtins.print = self.forbid("print", builtins.print)
        builtins.__import__ = self.forbid("import", builtins.__import__)
        asyncio.Event.set = self.forbid("Event.set", asyncio.Event.set)
        asyncio.core.create_task = asyncio.create_task = self.forbid("create_task", asyncio.core.create_task)
        tick = Evse.tick

        def marked(evse, now):
            self.ticking = True
            try:
                tick(evse, now)
            finally:
                self.ticking = False

        Evse.tick = marked
        return self

    def forbid(self, name, function):
        def replaced(*args, **options):
            if self.ticking:
                self.ticking = False
                raise Forbidden(name)
            return function(*args, **options)

        return replaced

    def __exit__(self, *error):
        builtins.print, builtins.__import__, asyncio.Event.set, create_task, Evse.tick = self.kept
        asyncio.core.create_task = asyncio.create_task = create_task


def story(board, evses, run):
    """Sessions, and everything that may break."""
    for code in (None,) + CODES:
        for evse in evses:
            board.ev(evse.number, "C")
            evse.lock.wanted = True
            evse.permit(True)
        run(2000)
        for evse in evses:
            board.fault(evse.number, code)
        run(9000)
        for evse in evses:
            board.fault(evse.number, None)
            evse.permit(False)
            board.ev(evse.number, "A")
        run(2000)


def test_it_does_nothing_that_a_task_may_be_in_the_middle_of():
    """All drivers, with the self-test, sessions and faults."""
    for config in BOARDS:
        now = [0]
        board = Board([config, {}], 32, lambda now=now: now[0])
        evses = [Evse(devices, at + 1, socket=config.get("cable") != "tethered" or at > 0)
                 for at, devices in enumerate(board.connectors)]
        safety = Safety(evses)
        for evse in evses:
            evse.self_test = SelfTest(evse)

        def run(milliseconds, now=now, evses=evses, safety=safety):
            for _ in range(milliseconds // 20):
                now[0] += 20
                for evse in evses:
                    evse.devices.meter.poll(now[0])
                safety.step(now[0])

        with Ticks():
            story(board, evses, run)
        assert safety.error is None, safety.error
        assert [evse.self_test for evse in evses] == [None, None] and evses[0].devices.self_test_result


def test_whatever_happens_to_a_connector():
    chance = Chance(20261128)
    for number in range(200):
        world = World(number % 2 > 0, chance, number % 4 > 1)
        with Ticks():
            world.play([(21, 0, 20)] + [(chance(256), chance(256), chance(256)) for _ in range(chance(14))])


def test_what_is_forbidden_is_found():
    for name, act in (("print", lambda: print("!")), ("import", lambda: __import__("json")),
                      ("Event.set", lambda: asyncio.Event().set()),
                      ("create_task", lambda: asyncio.create_task(None))):
        world = World(False, Chance(1))
        world.devices.tripped = act
        with Ticks():
            try:
                world.evse.tick(1000)
            except Forbidden as error:
                assert error.args == (name,)
                continue
        raise AssertionError(name)
