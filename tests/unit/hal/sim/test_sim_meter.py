# without coverage: the minutes are long
"""The simulated meter: exact energy in integers, whenever and however often it is read."""

import time

from sim_charging import charging

from hal.evse.pilot import duty_permyriad


def test_ten_minutes_of_three_times_sixteen_amperes():
    _, clock, devices = charging(160)
    clock.now += 600000
    assert devices.meter.energy_wh == 1840
    assert devices.meter.frequency == 5000


def test_reading_often_loses_nothing():
    _, clock, devices = charging(60, phases=1)
    last = 0
    for _ in range(180000):  # an hour in ticks
        clock.now += 20
        energy = devices.meter.energy_wh
        assert energy >= last
        last = energy
    assert last == 1380


def test_each_stretch_counts_with_its_own_current():
    board, clock, devices = charging(160)
    clock.now += 360000  # 1104 Wh
    devices.pilot.set_duty(duty_permyriad(100))
    clock.now += 360000  # 690 Wh
    board.ev(1, "C", phases=1)
    clock.now += 360000  # 230 Wh
    devices.contactor.open()
    clock.now += 360000
    devices.contactor.close()
    board.ev(1, "B")
    clock.now += 360000
    board.ev(1, "C", max_current=6)
    clock.now += 360000  # 138 Wh
    board.fault(1, "OverVoltage")
    clock.now += 1000000  # 450 Wh at 270 V
    board.plug(1, False)
    clock.now += 360000
    assert devices.meter.energy_wh == 1104 + 690 + 230 + 138 + 450


def test_the_pwm_going_off_ends_the_flow_at_once():
    _, clock, devices = charging(160)
    clock.now += 360000
    devices.pilot.set_duty(10000)
    clock.now += 360000
    devices.pilot.read()
    assert devices.meter.energy_wh == 1104


def test_the_register_starts_from_the_stored_value_and_can_be_set():
    board, clock, devices = charging(160)
    clock.now += 1000
    devices.meter.set_energy(123456)
    clock.now += 360000
    assert devices.meter.energy_wh == 123456 + 1104
    board.meter(1, 7)
    assert devices.meter.energy_wh == 7


def test_ticks_may_wrap():
    _, clock, devices = charging(160)
    clock.now = time.ticks_add(0, -180000)
    devices.meter.set_energy(0)
    clock.now = time.ticks_add(clock.now, 360000)
    assert clock.now == 180000
    assert devices.meter.energy_wh == 1104
