"""The control pilot's tables: thresholds with hysteresis, settling times, duty cycle and current."""

from hal.evse.pilot import deciamps_of, duty_permyriad, settle_ms, state_of

NOMINAL = (("A", 12000), ("B", 9000), ("C", 6000), ("D", 3000), ("E", 0), ("F", -12000))
BOUNDS = (("A", 10500, "B"), ("B", 7500, "C"), ("C", 4500, "D"), ("D", 1500, "E"), ("E", -1500, "F"))


def test_duty_of_known_currents():
    known = ((60, 1000), (100, 1666), (130, 2166), (160, 2666), (200, 3333), (320, 5333), (480, 8000),
             (510, 8500), (630, 8920), (800, 9600))
    for deciamps, duty in known:
        assert duty_permyriad(deciamps) == duty, deciamps


def test_duty_inverts_within_a_percent_and_never_offers_more():
    for deciamps in range(60, 801):
        duty = duty_permyriad(deciamps)
        offered = duty * 6 if duty <= 8500 else (duty - 6400) * 25  # 1/1000 A
        assert offered <= deciamps * 100, deciamps
        if not 510 < deciamps <= 525:  # nothing above 51 and up to 52.5 A can be expressed
            assert offered * 100 >= deciamps * 100 * 99, deciamps
            assert deciamps_of(duty) == deciamps, deciamps
        else:
            assert deciamps_of(duty) == 510, deciamps


def test_nothing_is_offered_below_six_amperes_nor_more_than_eighty():
    for deciamps in (-10, 0, 1, 59):
        assert duty_permyriad(deciamps) == 10000, deciamps
    for deciamps in (801, 1000, 100000):
        assert duty_permyriad(deciamps) == 9600, deciamps


def test_duty_outside_the_charging_ranges_allows_nothing():
    for duty in (0, 299, 500, 700, 799, 9701, 10000):
        assert deciamps_of(duty) == 0, duty
    for duty, deciamps in ((800, 60), (1000, 60), (8500, 510), (9600, 800), (9700, 800)):
        assert deciamps_of(duty) == deciamps, duty


def test_nominal_levels_with_one_volt_of_tolerance():
    for state, millivolts in NOMINAL:
        for offset in (-1000, 0, 1000):
            assert state_of(millivolts + offset) == state, (state, offset)
            for previous, _ in NOMINAL:
                assert state_of(millivolts + offset, previous) == state, (state, offset, previous)


def test_without_history_the_bound_is_half_way():
    for upper, bound, lower in BOUNDS:
        assert state_of(bound + 1) == upper
        assert state_of(bound) == lower


def test_hysteresis_keeps_the_state_around_a_bound():
    for upper, bound, lower in BOUNDS:
        assert state_of(bound - 249, upper) == upper
        assert state_of(bound - 250, upper) == lower
        assert state_of(bound + 250, lower) == lower
        assert state_of(bound + 251, lower) == upper


def test_settling_times():
    for state in "CD":
        for level in "ABCDEF":
            assert settle_ms(state, level) == 60
    for state in "ABEF":
        for level in "CD":
            assert settle_ms(state, level) == 500
    for state in "AB":
        for level in "EF":
            assert settle_ms(state, level) == 500
    for state, level in ("AB", "BA", "EA", "EB", "FA", "FB"):
        assert settle_ms(state, level) == 250
