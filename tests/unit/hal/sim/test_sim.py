"""The simulated board: what the devices show of car, meter and card, and what it refuses."""

import asyncio

from helpers import raises
from sim_charging import bench, charging

from hal.evse.pilot import duty_permyriad


def near(value, wanted):
    return abs(value - wanted) <= 40


def test_the_drivers_read_the_pilot():
    board, _, devices = bench()
    devices.pilot.set_duty(10000)
    for state, high in (("A", 12000), ("B", 8979), ("C", 5996), ("D", 2931), ("E", 0), ("F", -12000)):
        board.ev(1, state)
        assert near(devices.pilot.read(), high) and near(devices.pilot.low, high), state
    board.plug(1, True)
    devices.pilot.set_duty(5000)
    assert near(devices.pilot.read(), 8979) and near(devices.pilot.low, -12000)
    board.ev(1, "C", diode=False)
    assert near(devices.pilot.read(), 5624) and near(devices.pilot.low, -5624)
    board.plug(1, False)
    devices.pilot.set_duty(0)
    assert near(devices.pilot.read(), -12000)


def test_a_new_car_is_like_every_new_car():
    board, clock, devices = charging(320, max_current=10, phases=1, diode=False)
    assert devices.meter.currents == [100, 0, 0]
    board.plug(1, False)
    board.ev(1, "C")
    assert devices.meter.currents == [320, 320, 320]


def test_the_car_draws_the_least_of_what_it_may_and_can():
    for deciamps, amperes, drawn in ((160, 32, 160), (320, 16, 160), (320, 10.5, 105), (60, 32, 60),
                                     (320, 0, 0)):
        _, _, devices = charging(deciamps, max_current=amperes)
        assert devices.meter.currents == [drawn] * 3, (deciamps, amperes)
        assert devices.meter.power_w == drawn * 69


def test_it_draws_on_the_phases_both_have():
    board, _, devices = bench({"phases": 1, "max_current": 32})
    board.ev(1, "C", phases=3)
    devices.pilot.set_duty(duty_permyriad(160))
    devices.contactor.close()
    assert devices.meter.currents == [160] and devices.meter.voltages == [2300]
    _, _, devices = charging(160, phases=2)
    assert devices.meter.currents == [160, 160, 0] and devices.meter.power_w == 7360


def test_nothing_flows_without_contactor_pwm_or_s2():
    board, _, devices = charging(160)
    devices.contactor.open()
    assert devices.meter.power_w == 0
    devices.contactor.close()
    devices.pilot.set_duty(10000)
    assert devices.meter.power_w == 0
    devices.pilot.set_duty(duty_permyriad(160))
    board.ev(1, "B")
    assert devices.meter.power_w == 0
    board.ev(1, "D")
    assert devices.meter.power_w == 11040


def test_faults_show_in_the_devices():
    board, _, devices = charging(160)
    for code, read, faulty in (
            ("GroundFailure", lambda: devices.residual.tripped(), True),
            ("HighTemperature", lambda: devices.temperature.celsius() > 75, True),
            ("PowerSwitchFailure", lambda: devices.contactor.closed, False),
            ("EVCommunicationError", lambda: round(devices.pilot.read() / 1000), 0),
            ("OverVoltage", lambda: devices.meter.voltages[0], 2700),
            ("UnderVoltage", lambda: devices.meter.voltages[2], 1800),
            ("PowerMeterFailure", lambda: devices.meter.ok, False),
            ("OverCurrentFailure", lambda: devices.meter.currents[0], 260)):
        good = read()
        board.fault(1, code)
        assert read() == faulty and devices.report.error is None, code
        board.fault(1, None)
        assert read() == good != faulty, code


def test_a_welded_contactor_shows_while_it_should_be_open():
    board, _, devices = bench()
    assert not devices.contactor.closed
    board.fault(1, "PowerSwitchFailure")
    assert devices.contactor.closed


def test_what_no_device_shows_is_reported():
    board, _, devices = bench()
    for code in ("ConnectorLockFailure", "InternalError", "LocalListConflict", "OtherError", "ReaderFailure",
                 "ResetFailure", "WeakSignal", "OverCurrentFailure"):
        board.fault(1, code)
        assert devices.report.error == code
        devices.report.reset = False
        board.fault(1, "NoError")
        assert devices.report.error is None and devices.report.reset


def pull(lock, clock, engage):
    """Whether it is locked after the pulse that should do so, or not."""
    (lock.engage if engage else lock.release)()
    for _ in range(30):
        clock.now += 20
        lock.poll(clock.now)
    return lock.engaged


def test_the_lock_moves_unless_it_fails():
    board, clock, devices = bench()
    assert pull(devices.lock, clock, True)
    board.fault(1, "ConnectorLockFailure")
    assert pull(devices.lock, clock, False)
    board.fault(1, None)
    assert not pull(devices.lock, clock, False)
    assert bench({"cable": "tethered"})[2].lock is None
    assert bench({"cable": "socket", "lock": False})[2].lock is None


def test_the_cable_has_a_rating_while_it_is_plugged():
    board, _, devices = bench()
    assert devices.proximity.deciamps() is None
    board.plug(1, True)
    assert devices.proximity.deciamps() == 320
    board, _, devices = bench({"max_current": 63})
    board.plug(1, True)
    assert devices.proximity.deciamps() == 630


def test_a_lock_keeps_the_cable_in():
    board, clock, devices = bench()
    devices.pilot.set_duty(10000)
    board.plug(1, True)
    pull(devices.lock, clock, True)
    board.plug(1, False)
    assert near(devices.pilot.read(), 12000) and devices.proximity.deciamps() == 320
    pull(devices.lock, clock, False)
    assert devices.proximity.deciamps() is None


def test_the_monitor_proves_itself_unless_it_is_dead():
    board, clock, devices = bench()
    for state, proven in (("good", True), ("dead", False)):
        board.lever(1, "residual", {"monitor": state})
        result = None
        for _ in range(40):
            clock.now += 20
            result = devices.residual.prove(clock.now)
            assert not devices.residual.tripped() or result is not None
            if result is not None:
                break
        assert result is proven


def test_a_fault_replaces_the_one_before_and_null_mends_everything():
    board, _, devices = bench()
    board.fault(1, "GroundFailure")
    board.fault(1, "HighTemperature")
    assert not devices.residual.tripped() and devices.temperature.celsius() == 90
    board.lever(1, "residual", {"leak_ma": 20})
    board.lever(1, "temperature", {"sensor": "lost"})
    assert devices.residual.tripped() and devices.temperature.celsius() is None
    board.fault(1, None)
    assert not devices.residual.tripped() and devices.temperature.celsius() == 25


def test_bad_input_is_refused_in_plain_words():
    board, _, _ = bench()
    for act in (lambda: board.plug(2, True), lambda: board.plug(0, True), lambda: board.plug("1", True),
                lambda: board.plug(True, True), lambda: board.lever(1, "plug", {"state": True}),
                lambda: board.ev(1, "G"),
                lambda: board.ev(1, ""), lambda: board.ev(1, "AB"), lambda: board.ev(1, None),
                lambda: board.ev(1, "C", max_current=-1), lambda: board.ev(1, "C", max_current=81),
                lambda: board.ev(1, "C", max_current="16"), lambda: board.ev(1, "C", max_current=True),
                lambda: board.ev(1, "C", phases=0), lambda: board.ev(1, "C", phases=4),
                lambda: board.ev(1, "C", phases=1.0), lambda: board.ev(1, "C", diode="no"),
                lambda: board.ev(3, "C"), lambda: board.fault(1, "Broken"), lambda: board.fault(1, ""),
                lambda: board.fault(1, 7), lambda: board.fault(1, "Internal"), lambda: board.fault(9, None),
                lambda: board.meter(1, -1), lambda: board.meter(1, 1.5), lambda: board.meter(1, "1"),
                lambda: board.meter(2, 1), lambda: board.card("", 1), lambda: board.card("x" * 21),
                lambda: board.card(5), lambda: board.card("TAG", 2)):
        assert " " in raises(ValueError, act).args[0]


def test_the_extremes_are_accepted():
    board, _, devices = bench({})
    assert devices.lock is not None and board.type == "sim" and board.max_current == 32
    board.ev(1, "C", max_current=80, phases=3, diode=True)
    board.ev(1, "C", max_current=0, phases=1)
    for energy in (0, (1 << 30) - 1):
        board.meter(1, energy)
        assert devices.meter.energy_wh == energy
    board.card("x" * 20)
    board.card("x", 1)


def test_the_reader_gives_cards_in_order_and_keeps_a_few():
    board, _, _ = bench()

    async def read():
        board.card("A", 1)
        board.card("B")
        assert await board.card_reader.next() == ("A", 1)
        assert await board.card_reader.next() == ("B", None)
        waiting = asyncio.create_task(board.card_reader.next())
        await asyncio.sleep(0)
        board.card("C", None)
        assert await waiting == ("C", None)
        for number in range(6):
            board.card("T%d" % number)
        assert board.card_reader.dropped == 2
        return await board.card_reader.next()

    assert asyncio.run(read()) == ("T2", None)
