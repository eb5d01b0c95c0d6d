"""The safety loop: one connector's failure is its own, lateness is measured, everything opens at the end."""

import asyncio
import gc
import time

import hal.evse.safety_loop
from hal.evse.machine import Evse
from hal.evse.safety_loop import Safety
from hal.sim.task_timer import TaskTimer
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
            safety._alive = now[0]
            safety.step(now[0])

    run(1000)
    for evse in evses:
        board.ev(evse.number, "C")
        evse.lock.wanted = True
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
    assert first.fault[0] == "InternalError" and first.changed.state
    assert not board.wires.output("contactor")() and board.wires.pwm("pilot").duty == 10000
    assert second.contactor_closed and second.fault is None
    assert isinstance(safety.error, OSError)
    fed = watchdog.fed
    run(200)
    assert watchdog.fed == fed + 10
    board.connectors[0].temperature = good
    run(5000)
    assert first.fault[0] == "InternalError"
    first.faults.reset_wanted = True
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

    number = 1

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
        safety.start(TaskTimer())
        await done.wait()
        passed = time.ticks_diff(time.ticks_ms(), start)
        safety.stop()
        ticks = evse.ticks
        await asyncio.sleep_ms(60)
        assert evse.ticks == ticks
        return safety, evse, passed

    return asyncio.run(run())


def test_it_ticks_every_20_ms_and_opens_when_stopped():
    _, evse, passed = loop(0)
    assert passed >= 95 and evse.opened == 1


def test_a_late_tick_is_measured():
    safety, _, _ = loop(2)
    assert safety.tick_max_ms >= 45


def test_more_than_two_take_turns():
    """Each is ticked every 40 ms, and its contactor still opens within 80 ms of the car's wish (table A.6, 8.1)."""
    for count in (3, 4):
        now = [0]
        board = Board([{}] * count, 32, lambda now=now: now[0])
        evses = [Evse(devices, at + 1) for at, devices in enumerate(board.connectors)]
        safety = Safety(evses)

        def run(milliseconds, now=now, safety=safety):
            for _ in range(milliseconds // 20):
                now[0] += 20
                safety.step(now[0])

        run(2000)
        assert [evse.ticks for evse in evses] == [50] * count
        for evse in evses:
            board.ev(evse.number, "C")
            evse.lock.wanted = True
            evse.permit(True)
        run(4000)
        assert all([evse.contactor_closed for evse in evses])
        for offset in (0, 20):
            for evse in evses:
                board.ev(evse.number, "B")
            run(80)
            assert not any([evse.contactor_closed for evse in evses]), offset
            for evse in evses:
                board.ev(evse.number, "C")
            run(4000 + offset)
            assert all([evse.contactor_closed for evse in evses])


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
