"""What the simulated board shows of the pilot at its pins, in volts."""

from sim_rig import Rig


def test_the_pilot_is_divided_between_source_and_car():
    rig = Rig()
    for duty in (10000, 5333):
        low = -12000 if duty < 10000 else None
        rig.generator.set_duty(duty)
        # 1 kohm of the source against 2740, 882 and 246 ohms behind 0.7 V of a diode.
        for state, high in (("A", 12000), ("B", 8979), ("C", 5996), ("D", 2931)):
            rig.board.ev(1, state)
            assert rig.shows(high, high if low is None else low), (duty, state, rig.pilot())
        rig.board.ev(1, "E")
        assert rig.shows(0, 0)
        rig.board.ev(1, "F")
        assert rig.shows(-12000, -12000)
        rig.board.plug(1, False)


def test_without_a_diode_the_negative_half_wave_is_loaded_too():
    rig = Rig()
    rig.generator.set_duty(5000)
    for state, level in (("B", 8791), ("C", 5624), ("D", 2369)):
        rig.board.ev(1, state, diode=False)
        assert rig.shows(level, -level), state
    rig.board.plug(1, False)
    rig.board.plug(1, True)
    assert rig.shows(8979, -12000)


def test_the_generator_begins_with_minus_twelve_volts():
    rig = Rig()
    assert rig.shows(-12000, -12000)
    rig.board.plug(1, True)
    assert rig.shows(-12000, -12000)
    rig.generator.set_duty(10000)
    assert rig.shows(8979, 8979)
    rig.generator.set_duty(0)
    assert rig.shows(-12000, -12000)


def test_the_line_of_the_pilot_may_be_shorted_open_or_noisy():
    rig = Rig()
    rig.generator.set_duty(5000)
    rig.board.plug(1, True)
    rig.pull("pilot", line="shorted")
    assert rig.shows(0, 0)
    rig.pull("pilot", line="open")
    assert rig.shows(12000, -12000)
    rig.pull("pilot", line="good", noise_mv=400)
    seen = [rig.pilot()[0] for _ in range(300)]
    assert 8979 - 430 < min(seen) < 8979 - 300 and 8979 + 300 < max(seen) < 8979 + 430
    assert abs(sum(seen) / len(seen) - 8979) < 60
    rig.board.fault(1, None)
    assert rig.shows(8979, -12000)


def test_a_converter_shows_whole_millivolts_that_are_never_quite_the_same():
    rig = Rig()
    rig.generator.set_duty(10000)
    seen = [rig.high.read_uv() for _ in range(200)]
    assert all([value % 1000 == 0 and 2334000 <= value <= 2337000 for value in seen]) and len(set(seen)) > 1
    rig.pull("pilot", noise_mv=5000)
    for _ in range(500):
        assert 0 <= rig.high.read_uv() <= 3100000 and 0 <= rig.low.read_uv() <= 3100000


def test_without_peak_hold_a_converter_sees_one_half_wave_or_the_other():
    rig = Rig({"phases": 3, "pilot": {"reading": "sampled"}})
    rig.generator.set_duty(2500)
    seen = [rig.pilot()[0] for _ in range(1000)]
    high = [value for value in seen if abs(value - 12000) < 30]
    low = [value for value in seen if abs(value + 12000) < 30]
    assert len(high) + len(low) == 1000 and 200 < len(high) < 300
    for duty, level in ((10000, 12000), (0, -12000)):
        rig.generator.set_duty(duty)
        assert abs(rig.pilot()[0] - level) < 30


def test_the_car_opens_s2_after_the_pwm_went_and_asks_again_after_it_came():
    rig = Rig()
    rig.generator.set_duty(5000)
    rig.board.ev(1, "C")
    rig.generator.set_duty(10000)
    for passed, high in ((0, 5996), (499, 5996), (500, 8979), (5000, 8979)):
        rig.now = 5000 + passed
        assert rig.shows(high, high), passed
    rig.generator.set_duty(1666)
    for passed, high in ((5499, 8979), (5500, 5996), (9000, 5996)):
        rig.now = 5000 + passed
        assert rig.shows(high, -12000), passed


def test_a_car_that_wants_energy_asks_before_anything_is_offered():
    rig = Rig()
    rig.generator.set_duty(10000)
    rig.board.ev(1, "C")
    rig.now += 60000
    assert rig.shows(5996, 5996)
