"""What the simulated board shows at its other pins: cable, contactor, residual current, lock, temperature."""

import gc
import math

from helpers import raises
from sim_rig import Rig


def test_the_resistor_of_the_cable():
    rig = Rig()
    assert rig.millivolts("proximity") >= 3099
    for cable, millivolts in ((13, 1980), (20, 1336), (32, 595), (63, 300), ("short", 0), ("none", 3100)):
        rig.pull("proximity", cable=cable)
        rig.board.plug(1, True)
        assert abs(rig.millivolts("proximity") - millivolts) <= 2, cable
        rig.board.plug(1, False)
        assert rig.millivolts("proximity") >= 3099
    rig = Rig({"max_current": 63})
    rig.board.plug(1, True)
    assert abs(rig.millivolts("proximity") - 300) <= 2


def test_the_contactor_obeys_welds_or_stays_open():
    rig = Rig()
    assert rig.relay() == rig.weld() == 0
    rig.relay(1)
    assert rig.relay() == rig.weld() == 1
    rig.pull("contactor", state="stays_open")
    assert rig.relay() == 1 and rig.weld() == 0
    rig.pull("contactor", state="welded")
    rig.relay(0)
    assert rig.relay() == 0 and rig.weld() == 1
    rig.pull("contactor", state="good")
    assert rig.weld() == 0


def test_the_monitor_of_residual_currents():
    rig = Rig()
    fault, test = rig.wires.sense("residual", "down"), rig.wires.output("residual_test")
    for milliamperes, tripped in ((0, 0), (5, 0), (6, 1), (30, 1), (0, 0)):
        rig.pull("residual", leak_ma=milliamperes)
        assert fault() == tripped
    for monitor, tripped in (("good", 1), ("dead", 0)):
        rig.pull("residual", monitor=monitor)
        test(1)
        for passed, level in ((0, 0), (39, 0), (1, tripped), (5000, tripped)):
            rig.now += passed
            assert fault() == level, (monitor, passed)
        test(0)
        for passed, level in ((0, tripped), (39, tripped), (1, 0)):
            rig.now += passed
            assert fault() == level, (monitor, passed)
    rig.pull("residual", leak_ma=30)
    assert fault() == 1


def test_a_pulse_moves_the_bolt_of_the_lock():
    rig = Rig()
    lock, unlock, locked = [rig.wires.output(name) for name in ("lock_a", "lock_b", "lock_feedback")]

    def pulse(pin, milliseconds):
        pin(1)
        rig.now += milliseconds
        pin(0)
        rig.now += 1000
        return locked()

    assert locked() == 0
    assert pulse(lock, 249) == 0 and pulse(lock, 250) == 1
    assert pulse(unlock, 249) == 1 and pulse(unlock, 400) == 0
    rig.pull("lock", state="jammed")
    assert pulse(lock, 400) == 0
    rig.pull("lock", state="good")
    assert locked() == 0 and pulse(lock, 400) == 1
    rig.pull("lock", state="jammed")
    assert pulse(unlock, 5000) == 1


def test_a_solenoid_holds_the_bolt():
    rig = Rig({"lock": "solenoid"})
    coil, locked = rig.wires.output("lock_a"), rig.wires.sense("lock_feedback")
    assert rig.wires.output("lock_b") is None
    coil(1)
    rig.now += 250
    assert locked() == 1
    rig.now += 100000
    coil(0)
    assert locked() == 1
    rig.now += 250
    assert locked() == 0


def test_a_bolt_keeps_the_cable_in():
    rig = Rig()
    rig.board.plug(1, True)
    rig.wires.output("lock_a")(1)
    rig.now += 300
    rig.board.plug(1, False)
    assert rig.wires.sense("lock_feedback")() == 1
    assert abs(rig.millivolts("proximity") - 595) <= 2


def test_what_is_not_fitted_is_none():
    wires = Rig({"cable": "tethered", "phases": 1}, {"lock": False}).wires
    for name in ("lock_a", "lock_b", "lock_a_2", "contactor_l2l3", "led", "buzzer", "rs485_de", "contactor_3",
                 "contactor_0"):
        assert wires.output(name) is None, name
    assert wires.sense("button") is None and wires.analog("ct") is None
    assert wires.output("contactor_2") is not None and wires.output("contactor_l2l3_2") is not None
    assert wires.output("contactor_2") is not wires.output("contactor")


def ntc_mv(celsius):
    ohms = 10000 * math.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15))
    return 3300 * ohms / (ohms + 10000)


def test_an_ntc_shows_the_temperature():
    rig = Rig()
    for celsius in (25, -20, 0, 60, 75, 110):
        rig.pull("temperature", ambient_c=celsius)
        assert abs(rig.millivolts("ntc") - ntc_mv(celsius)) <= 2, celsius
    rig.pull("temperature", sensor="lost")
    assert rig.millivolts("ntc") >= 3099


def test_current_heats_slowly_and_heat_goes_slowly():
    rig = Rig()
    rig.generator.set_duty(5333)
    rig.board.ev(1, "C")
    rig.relay(1)
    rig.wires.output("contactor_l2l3")(1)

    def after(seconds):
        for _ in range(seconds):
            rig.now += 1000
            rig.millivolts("ntc")
        return rig.millivolts("ntc")

    assert abs(after(20) - ntc_mv(26)) < 20
    assert abs(after(1800) - ntc_mv(46)) < 20
    rig.relay(0)
    assert after(10) < ntc_mv(40)
    assert abs(after(1800) - ntc_mv(25)) < 30


def test_a_look_at_the_pins_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return
    rig = Rig()
    rig.generator.set_duty(5333)
    rig.board.ev(1, "C")
    rig.relay(1)
    rig.pull("pilot", noise_mv=10)
    pins = [rig.wires.sense(name) for name in ("weld", "residual", "lock_feedback")]
    converters = [rig.wires.analog(name) for name in ("pilot_high", "pilot_low", "proximity", "ntc")]
    meter = rig.wires.meter(1)
    rig.millivolts("ntc")
    before = 0
    for at in range(40):
        if at == 20:
            gc.collect()
            before = gc.mem_alloc()
        rig.now += 20
        for pin in pins:
            pin()
        for converter in converters:
            converter.read_uv()
        for name in ("ok", "currents", "voltages", "energy_wh", "power_w"):
            getattr(meter, name)
    assert gc.mem_alloc() == before


def test_only_what_there_is_can_be_moved():
    rig = Rig()
    for lever, values in (
            ("contactor", {}), ("contactor", {"state": "open"}), ("contactor", {"state": 1}),
            ("contactor", {"state": "welded", "x": 1}), ("residual", {}), ("residual", {"leak_ma": -1}),
            ("residual", {"leak_ma": 1001}), ("residual", {"leak_ma": 1.5}), ("residual", {"leak_ma": True}),
            ("residual", {"monitor": "deaf"}), ("lock", {"state": "open"}), ("temperature", {"ambient_c": 126}),
            ("temperature", {"ambient_c": "25"}), ("temperature", {"sensor": None}), ("temperature", {}),
            ("pilot", {"line": "cut"}), ("pilot", {"noise_mv": 5001}), ("pilot", {}), ("proximity", {}),
            ("proximity", {"cable": 16}), ("proximity", {"cable": True}), ("proximity", {"cable": None}),
            ("proximity", {"cable": [1]}), ("grid", {}), ("grid", {"volts": -1}), ("grid", {"volts": 401}),
            ("grid", {"volts": [230, 230]}), ("grid", {"volts": [230, 230, True]}), ("grid", {"volts": "230"}),
            ("meter", {}), ("meter", {"wire": "cut"}), ("meter", {"wire": ["good"]}), ("meter", {"shows_wh": -1}),
            ("meter", {"shows_wh": "much"}), ("meter", {"energy_wh": None}), ("plug", {}),
            ("ev", {"model": "slow"}), ("ev", {"state": "C", "model": "fast"}), ("ev", {"state": "C", "model": 1}),
            ("ev", {"state": "C", "model": "stops"}), ("ev", {"state": "C", "after_s": 1}),
            ("ev", {"state": "C", "model": "slow", "after_wh": 1}),
            ("ev", {"state": "C", "model": "stops", "after_s": -1})):
        error = raises(ValueError, rig.board.lever, 1, lever, values)
        assert " " in error.args[0], (lever, values)
    raises(KeyError, lambda: rig.board.lever(1, "magic", {}))
    rig.generator.set_duty(10000)
    assert rig.shows(12000, 12000) and rig.weld() == 0
