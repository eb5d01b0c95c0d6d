"""The safety loop: one connector's failure is its own, lateness is measured, everything opens at the end."""

import asyncio
import time

from hal.evse import Evse
from hal.safety import Safety
from sim_board import Board


class Watchdog:
    fed = 0

    def feed(self):
        self.fed += 1


class Broken:
    """A device that raises whatever it is asked for."""

    def __getattr__(self, name):
        raise OSError(name)


def site(watchdog=None):
    """Two connectors that charge, their Safety, and a function that lets time pass."""
    now = [0]
    board = Board([{}, {}], 32, lambda: now[0])
    evses = [Evse(devices, number + 1) for number, devices in enumerate(board.connectors)]
    safety = Safety(evses, watchdog)

    def run(milliseconds):
        for _ in range(milliseconds // 20):
            now[0] += 20
            safety.step(now[0])

    run(1000)
    for evse in evses:
        board.ev(evse.number, "C")
        evse.set_lock(True)
        evse.permit(True)
    run(2000)
    assert evses[0].contactor_closed and evses[1].contactor_closed
    return safety, evses, board, run


def test_a_failing_connector_opens_and_leaves_the_others_charging():
    watchdog = Watchdog()
    safety, (first, second), board, run = site(watchdog)
    good, board.connectors[0].temperature = board.connectors[0].temperature, Broken()
    first.changed.clear()
    run(200)
    assert first.fault[0] == "InternalError" and first.changed.is_set()
    assert not board.wires.output("contactor")() and board.wires.pwm("pilot").duty == 10000
    assert second.contactor_closed and second.fault is None
    assert isinstance(safety.error, OSError)
    fed = watchdog.fed
    run(200)
    assert watchdog.fed == fed + 10
    board.connectors[0].temperature = good
    run(5000)
    assert first.fault[0] == "InternalError"
    first.reset_faults()
    run(3000)
    assert first.fault is None and first.contactor_closed


def test_a_contactor_out_of_control_starves_the_watchdog():
    watchdog = Watchdog()
    _, (first, second), board, run = site(watchdog)
    board.connectors[0].contactor = Broken()
    fed = watchdog.fed
    run(200)
    assert watchdog.fed == fed and board.wires.pwm("pilot").duty == 10000
    assert second.contactor_closed


def test_safe_opens_all_even_if_one_fails():
    safety, _, board, _ = site()
    board.connectors[0].contactor = Broken()
    safety.safe()
    assert board.wires.pwm("pilot").duty == 10000
    assert not board.wires.output("contactor_2")() and board.wires.pwm("pilot_2").duty == 10000


class Counted:
    """Stands for an Evse: counts its ticks, and takes its time in one of them."""

    def __init__(self, slow_tick, done):
        self.ticks = self.opened = 0
        self.slow_tick = slow_tick
        self.done = done

    def tick(self, now):
        self.ticks += 1
        if self.ticks == self.slow_tick:
            time.sleep_ms(70)
        if self.ticks == 6:
            self.done.set()

    def safe(self):
        self.opened += 1


def loop(slow_tick):
    """Run six ticks; return the Safety, its connector, and how long they took in ms."""

    async def run():
        done = asyncio.Event()
        evse = Counted(slow_tick, done)
        safety = Safety([evse])
        start = time.ticks_ms()
        task = asyncio.create_task(safety.run())
        await done.wait()
        passed = time.ticks_diff(time.ticks_ms(), start)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        return safety, evse, passed

    return asyncio.run(run())


def test_it_ticks_every_20_ms_and_opens_when_cancelled():
    _, evse, passed = loop(0)
    assert passed >= 95 and evse.opened == 1


def test_a_late_tick_is_measured():
    safety, _, _ = loop(2)
    assert safety.tick_max_ms >= 45
