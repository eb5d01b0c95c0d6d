# without coverage: the voltages are many
"""Every pilot voltage from -13 to +13 V in steps of 10 mV, with and without diode; every 0.1 A from 6 to 80 A."""

from evse_bench import Bench
from pilot_sweep import SWEEP, expected

from hal.evse.pilot import BOUNDS, deciamps_of, duty_permyriad, state_of


def test_each_voltage_after_each_state():
    for previous in (None, "A", "B", "C", "D", "E", "F"):
        for millivolts in SWEEP:
            assert state_of(millivolts, previous) == expected(millivolts, previous), (millivolts, previous)


def test_each_voltage_on_a_board_with_its_own_thresholds():
    for shift in (-700, 700):
        bounds = tuple([bound + shift for bound in BOUNDS])
        for millivolts in SWEEP:
            assert state_of(millivolts + shift, "B", bounds) == expected(millivolts, "B"), millivolts


def closes(high, low, ventilated):
    """Whether the contactor closes within 0.8 s on a car that goes from 9 V to `high` mV and is offered a current."""
    bench = Bench("B", ventilated=ventilated)
    pilot = bench.pilot
    bench.evse.permit(True)

    def tick():
        bench.now += 100
        bench.evse.tick(bench.now)
        return bench.devices.contactor.closed

    for _ in range(11):
        tick()
    pilot.read = lambda: high
    pilot.low = low
    return any([tick() for _ in range(8)])


def test_the_contactor_closes_on_c_and_permitted_d_with_a_diode_only():
    for millivolts in SWEEP:
        level = expected(millivolts, "B")
        assert closes(millivolts, -12000, False) is (level == "C"), millivolts
        assert not closes(millivolts, -millivolts, False), millivolts
        if level in "DE":
            assert closes(millivolts, -12000, True) is (level == "D"), millivolts
            assert not closes(millivolts, -millivolts, True), millivolts


def test_each_low_half_wave():
    for millivolts in SWEEP:
        assert closes(6000, millivolts, False) is (millivolts <= -10000), millivolts


def test_each_tenth_of_an_ampere():
    """IEC 61851-1 tables A.7 and A.8: rounded down, and what the car may draw is within 1 % of it."""
    for deciamps in range(60, 801):
        duty = duty_permyriad(deciamps)
        milliamperes = duty * 6 if duty <= 8500 else (duty - 6400) * 25
        # Nothing above 51 and up to 52.5 A has a duty cycle of its own.
        wanted = 510 if 510 < deciamps <= 525 else deciamps
        assert 99 * wanted <= milliamperes <= 100 * wanted, deciamps
        assert deciamps_of(duty) == wanted, deciamps
        assert duty < 8500 or deciamps >= 510
        # One step more would be more than was asked for.
        above = (duty + 1) * 6 if duty < 8500 else (duty + 1 - 6400) * 25
        assert above > 100 * deciamps or wanted < deciamps, deciamps
