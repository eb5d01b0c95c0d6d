"""The timer that ticks every Evse: lateness, ticks that piled up, the watchdog, the end, Ctrl-C."""

import asyncio
import gc
import time

from sim_board import Board
from ticked_evse import Counted, Watchdog

import hal.evse.safety_loop
from hal.evse.machine import Evse
from hal.evse.safety_loop import Safety


class Timer:
    """As machine.Timer; calls its function when a test says so. `now` is the time of hal.evse.safety_loop meanwhile."""

    PERIODIC = 1
    function = None

    def __init__(self, *evses, watchdog=None):
        self.now, self.stopped = 1000, 0
        self.safety = Safety(evses, watchdog)
        self.safety.start(self)

    def init(self, mode, period, callback):
        assert mode == self.PERIODIC and period == 20
        self.function = callback

    def deinit(self):
        self.stopped += 1

    def pass_time(self, *milliseconds):
        """One call after each of these times."""
        ticks_ms = hal.evse.safety_loop.ticks_ms
        hal.evse.safety_loop.ticks_ms = lambda: self.now
        try:
            for step in milliseconds:
                self.now += step
                self.function(self)
        finally:
            hal.evse.safety_loop.ticks_ms = ticks_ms


def counted():
    return Counted(0, asyncio.Event())


def test_a_timer_ticks_whatever_the_event_loop_does():
    evse = counted()
    timer = Timer(evse)
    timer.pass_time(*[20] * 5)
    assert evse.ticks == 5 and timer.safety.tick_max_ms == 0
    timer.pass_time(35, 5, 20)
    assert evse.ticks == 7 and timer.safety.tick_max_ms == 15, "one that comes 5 ms after another is left out"


def test_ticks_that_piled_up_are_one():
    """A long call in C: the timer has called eight times when it is over."""
    evse = counted()
    timer = Timer(evse)
    timer.pass_time(20, 170, 1, 1, 1, 1, 1, 1, 1, 13)
    assert evse.ticks == 3 and timer.safety.tick_max_ms == 150


def test_lateness_in_a_handshake_of_tls_is_shown_apart():
    timer = Timer(counted())
    safety = timer.safety
    timer.pass_time(20, 22)
    safety.set_tls(True)
    timer.pass_time(200, 20)
    safety.set_tls(False)
    timer.pass_time(120)  # the last step ended just before
    assert (safety.tick_max_ms, safety.tls_tick_max_ms) == (2, 180)
    timer.pass_time(50)
    assert (safety.tick_max_ms, safety.tls_tick_max_ms) == (30, 180)


def test_the_watchdog_needs_an_event_loop_that_is_alive():
    """It begins with the loop; a loop that stands still for 20 s is left to the watchdog, the ticks go on."""
    watchdog, evse = Watchdog(), counted()
    timer = Timer(evse, watchdog=watchdog)
    timer.pass_time(*[20] * 50)
    assert watchdog.fed == 0, "no watchdog while the charge point is put together"
    timer.safety._alive = timer.now
    timer.pass_time(*[20] * 999)
    assert watchdog.fed == 999
    timer.pass_time(*[20] * 100)
    assert watchdog.fed == 999 and evse.ticks == 50 + 1099


def test_the_event_loop_shows_that_it_is_alive():
    async def run():
        watchdog = Watchdog()
        safety = Safety([counted()], watchdog)
        safety.start(Timer())
        task = asyncio.create_task(safety.live())
        await asyncio.sleep_ms(0)
        safety.step(time.ticks_ms())
        task.cancel()
        return watchdog.fed

    assert asyncio.run(run()) == 1


def test_after_the_end_no_tick_closes_anything():
    """stop(): the timer is off, all is open, and a tick that was under way opens once more."""
    evse = counted()
    timer = Timer(evse)
    timer.pass_time(20)
    timer.safety.stop()
    assert timer.stopped == 1 and evse.opened == 1
    timer.pass_time(20)
    assert evse.ticks == 1 and evse.opened == 2


def test_an_idle_round_allocates_nothing():
    """It may come while memory is short, and a collection would make it late."""
    if not hasattr(gc, "mem_alloc"):
        return
    now = [0]
    ticks_ms, hal.evse.safety_loop.ticks_ms = hal.evse.safety_loop.ticks_ms, lambda: now[0]
    try:
        for count in (2, 3):
            board = Board([{}] * count, 32, lambda: now[0])
            timer = Timer(*[Evse(devices, at + 1) for at, devices in enumerate(board.connectors)])
            assert allocated(timer.function, now) == 0, count
    finally:
        hal.evse.safety_loop.ticks_ms = ticks_ms


def allocated(tick, now):
    """Bytes, in a second of ticks, after two."""
    for ticks in (100, 50):
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(ticks):
            now[0] += 20
            tick(None)
    return gc.mem_alloc() - before


def test_ctrl_c_in_a_tick_ends_the_program():
    """A soft interrupt would swallow it: everything opens, and the event loop raises it."""
    evse = counted()
    timer = Timer(evse)

    def interrupted(now):
        raise KeyboardInterrupt

    evse.tick = interrupted
    timer.pass_time(20)
    assert evse.opened == 1
    try:
        timer.safety.live().send(None)
    except KeyboardInterrupt:
        return
    raise AssertionError("nobody knows of it")


def test_ctrl_c_while_flash_is_written_waits():
    """littlefs must not be broken off; the event loop raises it."""

    class Pressed:
        def __bool__(self):
            raise KeyboardInterrupt

    safety = Timer(counted()).safety
    safety.let_in()
    safety._timer = Pressed()
    safety.let_in()
    try:
        asyncio.run(safety.live())
    except KeyboardInterrupt:
        return
    raise AssertionError("lost")
