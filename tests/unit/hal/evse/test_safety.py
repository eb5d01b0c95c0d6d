"""The safety loop: one connector's failure is its own, lateness is measured, everything opens at the end."""

import asyncio
import time

from sim_board import Board
from ticked_evse import Counted, Watchdog

from hal.evse.machine import Evse
from hal.evse.safety_loop import Safety
from hal.sim.task_timer import TaskTimer


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
