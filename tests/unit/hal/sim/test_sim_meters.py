"""The real meter drivers on the simulated board: the same energy as the ideal meter's, and what a bad wire does."""

from sim_rig import Rig

from hal.meter import maps
from hal.meter.modbus import Bus
from hal.meter.registers import RegisterMeter
from hal.evse.pilot import duty_permyriad

CUSTOM = {
    "energy": {"register": 10, "type": "uint32", "scale": [1, 100], "low_word_first": True},
    "power": {"register": 20, "type": "int16"},
    "current2": {"register": 30, "function": 3, "type": "uint16", "scale": [1, 10]},
    "voltage1": {"register": 40, "function": 3},
}


class Line(Rig):
    """Connectors with these meters (as in config.json), polled as often as they ask for."""

    def __init__(self, *meters, phases=3):
        super().__init__(*[{"phases": phases, "meter": meter} for meter in meters])
        self.meters = [devices.meter for devices in self.board.connectors]
        self._due = [self.now] * len(meters)

    def charge(self, number, deciamps):
        suffix = "_%d" % number if number > 1 else ""
        self.board.ev(number, "C")
        self.wires.pwm("pilot" + suffix).set_duty(duty_permyriad(deciamps))
        for name in ("contactor", "contactor_l2l3"):
            pin = self.wires.output(name + suffix)
            if pin:
                pin(1)

    def run(self, milliseconds):
        for _ in range(milliseconds // 2):
            self.now += 2
            for at, meter in enumerate(self.meters):
                if self.now >= self._due[at]:
                    self._due[at] = self.now + meter.poll(self.now)
        return self.meters[0]


def modbus(model, custom, address):
    return {"type": "modbus", "model": model, "map": custom, "address": address, "baudrate": 9600, "parity": "none",
            "volts": 230}


def test_an_eastron_tells_what_flows():
    rig = Line(modbus("sdm630", {}, 1))
    rig.pull("meter", energy_wh=123456)
    rig.charge(1, 160)
    meter = rig.run(3000)
    assert meter.ok and meter.currents == [160, 160, 160] and meter.voltages == [2300, 2300, 2300]
    assert meter.power_w == 11040 and meter.frequency == 5000
    assert 123456 <= meter.energy_wh <= 123465
    rig.run(60000)
    assert abs(meter.energy_wh - 123456 - 193) <= 5


def test_two_meters_on_one_line_and_a_map_of_ones_own():
    rig = Line(modbus("sdm72v2", {}, 1), modbus("", CUSTOM, 247))
    rig.charge(2, 100)
    rig.board.meter(2, 7000)
    first = rig.run(5000)
    second = rig.meters[1]
    assert first.ok and first.currents == [0, 0, 0] and first.energy_wh == 0
    assert second.ok and second.currents[1] == 100 and second.power_w == 6900 and second.voltages[0] == 2300
    assert 7000 <= second.energy_wh <= 7010


def test_errors_on_the_line_are_reported_and_end():
    for wire, error in (("silent", "no answer"), ("wrong_crc", "wrong CRC"), ("noise", "wrong CRC")):
        rig = Line(modbus("sdm630", {}, 1))
        rig.charge(1, 160)
        meter = rig.run(2000)
        rig.pull("meter", wire=wire)
        rig.run(5000)
        assert meter.stale and meter.error == error and meter.currents == [160, 160, 160], (wire, meter.error)
        rig.pull("meter", wire="good")
        rig.run(5000)
        assert meter.ok and meter.error is None


def test_a_question_for_nobody_has_no_answer():
    rig = Line(modbus("sdm630", {}, 1))
    rig.meters[0] = RegisterMeter(Bus(rig.wires.uart("rs485", 9600)), 9, maps.named("sdm630"))
    assert rig.run(4000).error == "no answer"
    rig = Line(modbus("sdm630", {}, 1))
    rig.meters[0] = RegisterMeter(Bus(rig.wires.uart("rs485", 9600)), 1, ((3, 0, 2, ((0, 0, 10, 1, 6),)),))
    assert rig.run(4000).error == "exception 1"


def test_pulses_are_counted():
    rig = Line({"type": "pulse", "pulses_per_kwh": 1000, "volts": 230})
    rig.charge(1, 160)
    meter = rig.run(60000)
    assert meter.ok and abs(meter.energy_wh - 184) <= 1 and abs(meter.power_w - 11040) < 200
    rig.pull("meter", energy_wh=5)
    rig.run(1000)
    assert meter.ok and 5 <= meter.energy_wh <= 10
    rig.pull("meter", wire="silent")
    before = meter.energy_wh
    rig.run(20000)
    assert meter.energy_wh == before and meter.power_w < 200
    rig.pull("meter", wire="noise")
    rig.run(1000)
    assert meter.stale and meter.error == "pulses too fast" and meter.energy_wh <= before + 4
    rig.pull("meter", wire="good")
    rig.run(3000)
    assert meter.ok


def test_the_energy_chip_tells_what_flows():
    rig = Line({"type": "cse7766", "shunt_uohm": 1000}, phases=1)
    meter = rig.run(500)
    assert meter.ok and abs(meter.voltages[0] - 2300) <= 2 and meter.currents == [0] and meter.power_w == 0
    rig.charge(1, 160)
    rig.run(60000)
    assert abs(meter.currents[0] - 160) <= 1 and abs(meter.power_w - 3680) <= 3 and abs(meter.energy_wh - 61) <= 1
    for wire in ("silent", "wrong_crc", "noise"):
        rig.pull("meter", wire=wire)
        rig.run(2000)
        assert meter.stale and meter.error == "no answer", wire
        rig.pull("meter", wire="good")
        rig.run(500)
        assert meter.ok and abs(meter.power_w - 3680) <= 3


def test_a_register_that_jumps_or_falls_is_not_billed_whatever_the_meter():
    """16 A flow for 36 s, while the meter shows what it likes for a moment, for ever, and returns."""
    kinds = ({"type": "sim"}, modbus("sdm630", {}, 1), modbus("sdm72", {}, 1), modbus("", CUSTOM, 1),
             {"type": "pulse", "pulses_per_kwh": 1000, "volts": 230}, {"type": "cse7766", "shunt_uohm": 1000})
    for meter in kinds:
        rig = Line(meter, phases=1 if meter["type"] == "cse7766" else 3)
        rig.pull("meter", energy_wh=50000)
        rig.charge(1, 160)
        meter = rig.run(3000)
        rig.pull("meter", energy_wh=50000)
        rig.run(2000)
        began, last = meter.energy_wh, meter.energy_wh
        for shows, milliseconds in ((7000000, 2000), (None, 4000), (0, 9000), (None, 9000), (0, 2000), (None, 10000)):
            rig.pull("meter", shows_wh=shows)
            for _ in range(milliseconds // 1000):
                rig.run(1000)
                assert meter.energy_wh >= last, (meter, shows)
                last = meter.energy_wh
        flowed = 36 * meter.power_w // 3600
        assert meter.doubt and flowed // 3 < last - began <= flowed + 8, (meter, began, last, flowed)


def test_a_meter_that_answers_late_is_no_meter_and_tells_no_nonsense():
    for model in ("sdm72", "sdm630", "sdm120"):
        rig = Line(modbus(model, {}, 1), phases=1 if model == "sdm120" else 3)
        rig.pull("meter", energy_wh=12000)
        rig.charge(1, 160)
        meter = rig.run(3000)
        rig.pull("meter", wire="late")
        rig.run(8000)
        assert meter.stale and meter.error == "no answer" and 12000 <= meter.energy_wh <= 12040, meter.energy_wh
        rig.pull("meter", wire="good")
        rig.run(5000)
        assert meter.ok and 12000 <= meter.energy_wh <= 12060 and meter.doubt is None
