import struct

from helpers import raises
from hal.meter import maps
from hal.meter.modbus import Bus
from hal.meter.registers import RegisterMeter, number
from meter_wire import Line, Slave, run

FLOAT, INT32, UINT32, INT16, UINT16, LOW_FIRST = 0, 1, 2, 3, 4, 8


def one_phase(kwh, stored=None):
    slave = Slave(1, {72: kwh})
    line = Line(slave)
    meter = RegisterMeter(Bus(line, line), 1, maps.named("sdm120"), phases=1)
    if stored is not None:
        meter.set_energy(stored)
    return slave, line, meter


def after(slave, line, meter, kwh, ms=1200):
    slave.set({72: kwh})
    run(line, [meter], ms)
    return meter.energy_wh


def test_floats_of_ieee_754():
    for bits, multiply, expected in (
        (b"\x43\x66\x33\x33", 10, 2302),  # 230.2
        (b"\x3f\x80\x00\x00", 1000, 1000),  # 1.0
        (b"\x00\x00\x00\x00", 1000, 0),
        (b"\x80\x00\x00\x00", 1000, 0),  # -0.0
        (b"\xc4\x7a\x00\x00", 1, -1000),
        (b"\x3f\x00\x00\x00", 1, 1),  # 0.5
        (b"\x00\x00\x00\x01", 1000, 0),  # the smallest there is
        (b"\x4b\x7f\xff\xff", 1, 16777215),  # 2 ** 24 - 1
        (b"\x46\x80\x00\x00", 1000, 16384000),
        (b"\x46\x80\x00\x01", 1000, 16384002),  # the next one: 16384.001953125
    ):
        assert number(bits, 0, FLOAT, multiply, 1) == expected, bits


def test_no_wh_is_lost_below_16384_kwh():
    for wh in (1, 7, 999, 1000001, 8388607, 8388608, 12345678, 16383999):
        # The register nearest to it, as a meter gives it.
        assert number(struct.pack(">f", wh / 1000), 0, FLOAT, 1000, 1) == wh


def test_whole_numbers():
    for data, kind, expected in (
        (b"\x00\x01\x86\xa0", INT32, 100000),
        (b"\xff\xff\xff\xfe", INT32, -2),
        (b"\xff\xff\xff\xfe", UINT32, 4294967294),
        (b"\x86\xa0\x00\x01", UINT32 | LOW_FIRST, 100000),
        (b"\xff\xfe\xff\xff", INT32 | LOW_FIRST, -2),
        (b"\x33\x33\x43\x66", FLOAT | LOW_FIRST, 230),
        (b"\xff\xfe", INT16, -2),
        (b"\x7f\xff", INT16, 32767),
        (b"\xff\xfe", UINT16, 65534),
    ):
        assert number(b"\x55" + data, 1, kind, 1, 1) == expected, data


def test_scales_are_rounded_to_the_nearest():
    assert number(b"\x00\x0f", 0, UINT16, 1, 10) == 2
    assert number(b"\x00\x0e", 0, UINT16, 1, 10) == 1
    assert number(b"\x04\xd2", 0, UINT16, 10, 1000) == 12


def test_energy_goes_on_from_the_stored_register_when_the_meter_was_replaced():
    slave, line, meter = one_phase(0.5, stored=5000)
    assert meter.energy_wh == 5000
    run(line, [meter], 8000)
    assert meter.energy_wh == 5000 and meter.doubt == "register 5000 -> 500 Wh not billed"
    assert after(slave, line, meter, 0.55) == 5050


def test_a_register_that_is_set_forgets_the_meter_before():
    slave, line, meter = one_phase(0.5, stored=5000)
    run(line, [meter], 8000)
    meter.set_energy(100)
    assert after(slave, line, meter, 0.55) == 550


def test_energy_is_the_meters_own_when_that_is_higher():
    slave, line, meter = one_phase(6.25, stored=5000)
    run(line, [meter], 1200)
    assert meter.energy_wh == 6250


def test_energy_goes_on_when_the_meter_is_reset():
    slave, line, meter = one_phase(9.0)
    run(line, [meter], 1200)
    assert after(slave, line, meter, 0.0, 8000) == 9000
    assert after(slave, line, meter, 0.06) == 9060
    assert after(slave, line, meter, 0.01, 8000) == 9060
    assert after(slave, line, meter, 0.05) == 9100


def test_a_register_that_reads_0_for_a_moment_bills_nothing():
    slave, line, meter = one_phase(9.0)
    run(line, [meter], 1200)
    assert after(slave, line, meter, 0.0, 2500) == 9000
    assert after(slave, line, meter, 9.001, 2500) == 9001


OTHER = {
    "energy": {"register": 0x500, "type": "uint32", "scale": [1, 100], "function": 3, "low_word_first": True},
    "power": {"register": 0x40, "type": "int32", "scale": [1, 10], "function": 3},
    "current1": {"register": 0x44, "type": "uint16", "scale": [1, 1000], "function": 3},
    "current2": {"register": 0x45, "type": "uint16", "scale": [1, 1000], "function": 3},
    "voltage1": {"register": 0x42, "type": "uint16", "scale": [1, 10], "function": 3},
    "frequency": {"register": 0x47, "type": "int16", "scale": [1, 100], "function": 3},
}


def test_a_map_of_ones_own():
    words = {0x500: 0xE240, 0x501: 1, 0x40: 0xFFFF, 0x41: 0xFFF6, 0x42: 2301, 0x44: 15960, 0x45: 49, 0x47: 4999}
    slave = Slave(9, {}, words, function=3)
    line = Line(slave)
    meter = RegisterMeter(Bus(line, line), 9, maps.custom(OTHER), phases=2)
    run(line, [meter], 2000)
    # 123456 hundredths of a kWh; what does not lie together is not read: it may not exist.
    assert (meter.energy_wh, meter.power_w, meter.frequency) == (1234560, -1, 4999)
    assert (meter.currents, meter.voltages) == ([160, 0], [2301, 0])
    assert slave.asked[:4] == [(3, 0x40, 3), (3, 0x44, 2), (3, 0x47, 1), (3, 0x500, 2)]


def test_questions_are_no_longer_than_the_bus_can_take():
    config = {name: {"register": at * 2} for at, name in enumerate(maps.QUANTITIES)}
    assert [request[:3] for request in maps.custom(config)] == [(4, 0, 18)]
    config["power"]["register"] = 18
    config["voltage1"]["register"] = 0xFFFE
    assert [request[:3] for request in maps.custom(config)] == [
        (4, 0, 2), (4, 4, 8), (4, 14, 6), (4, 0xFFFE, 2)]
    many = [(4, at, UINT16, 1, 1, 0) for at in range(100)]
    assert [request[2] for request in maps._requests(many, 0)] == [32, 32, 32, 4]


def test_wrong_function_is_answered_with_an_exception():
    slave = Slave(9, {}, function=4)
    line = Line(slave)
    meter = RegisterMeter(Bus(line, line), 9, maps.custom(OTHER), phases=2)
    run(line, [meter], 900)
    assert (meter.ok, meter.error) == (False, "exception 1")


def test_what_is_wrong_with_a_map_is_said():
    def refused(**changes):
        changes.setdefault("register", 1)
        return str(raises(ValueError, maps.custom, {"energy": changes}))

    assert str(raises(ValueError, maps.custom, {"power": {"register": 1}})) == "the map of a meter needs energy"
    error = raises(ValueError, maps.custom, {"energy": {"register": 1}, "wh": {"register": 1}})
    assert str(error).startswith("wh is unknown, must be one of energy, power, frequency")
    assert refused(register=None) == "energy.register is None, must be 0 to 65534"
    assert refused(register=70000) == "energy.register is 70000, must be 0 to 65534"
    assert refused(type="float64") == "energy.type is 'float64', must be one of float32, int32, uint32, int16, uint16"
    assert refused(function=6) == "energy.function is 6, must be 3 or 4"
    assert refused(words=1) == "energy.words is unknown"
    for scale in (0.01, 0, [1], [1, 0], [1, -10], "1"):
        assert refused(scale=scale).startswith("energy.scale is %r, must be" % (scale,)), scale
    assert str(raises(ValueError, maps.custom, {"energy": 72})) == "energy is 72, must be a {section}"
    raises(KeyError, maps.named, "sdm999")
