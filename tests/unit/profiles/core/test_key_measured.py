"""What is sent by default of what a meter has, and what the log says of measurands that nobody has (9.1.17, E 3.13)."""

from central_system import TIME
from charging import play
from hal.evse.machine import Evse
from ocpp import log
from profiles.core.configuration import declarations
from sim_board import Board

ENERGY, POWER, CURRENT, OFFERED, VOLTAGE = (
    "Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Current.Offered", "Voltage")
ALL = [ENERGY, POWER, CURRENT, OFFERED, VOLTAGE]
LISTS = ("MeterValuesAlignedData", "MeterValuesSampledData", "StopTxnAlignedData", "StopTxnSampledData")


def modbus(model, custom=None):
    return {"type": "modbus", "model": model, "map": custom or {}, "address": 1, "baudrate": 9600, "parity": "none",
            "volts": 230}


def default(*meters, name="MeterValuesSampledData", phases=3):
    board = Board([{"phases": phases, "meter": meter} for meter in meters], ticks=TIME.ticks_ms)
    evses = [Evse(devices, at + 1, phases) for at, devices in enumerate(board.connectors)]
    (text,) = [declaration[3] for declaration in declarations(evses) if declaration[0] == name]
    return text.split(",")


def test_the_default_is_what_the_meter_measures():
    assert default({"type": "sim"}) == ALL
    for model in ("sdm630", "sdm72v2", "sdm120"):
        assert default(modbus(model)) == ALL, model
    assert default(modbus("sdm72")) == [ENERGY, POWER, OFFERED], "its currents would be an estimate"
    assert default(modbus("", {"energy": {"register": 1}, "voltage1": {"register": 7}})) == [
        ENERGY, POWER, OFFERED, VOLTAGE]
    assert default({"type": "pulse", "pulses_per_kwh": 1000, "volts": 230}) == [ENERGY, POWER, OFFERED]
    assert default({"type": "cse7766", "shunt_uohm": 1000}, phases=1) == ALL
    assert default({"type": "none"}) == [OFFERED]
    assert default({"type": "none"}, {"type": "sim"}) == ALL, "of any of them"


def test_the_other_lists_have_the_defaults_that_they_had():
    assert default({"type": "sim"}, name="MeterValuesAlignedData") == [ENERGY]
    assert default({"type": "sim"}, name="StopTxnSampledData") == [""]
    assert default({"type": "sim"}, name="StopTxnAlignedData") == [""]


def test_the_default_arrives_at_the_central_system():
    async def story(site):
        await site.charge()
        await site.wait(61)
        (element,) = site.central.of("MeterValues")[0]["meterValue"]
        found = [value["measurand"] for value in element["sampledValue"]]
        assert found == [ENERGY, POWER] + [CURRENT] * 3 + [OFFERED] + [VOLTAGE] * 3

    play(story)


def test_the_log_names_the_measurands_that_are_unknown():
    """The answer is Rejected for all of them together (E 3.13), in any of the four lists."""

    async def story(site):
        for name in LISTS:
            answer = await site.central.ask("ChangeConfiguration", key=name, value="%s,SoC, RPM,voltage" % VOLTAGE)
            assert answer == {"status": "Rejected"}
            assert name in lines[-1] and "(unknown: SoC, RPM, voltage)" in lines[-1], lines

    lines, warning = [], log.warning
    log.warning = lambda text, *values: lines.append(text % values)
    try:
        play(story)
    finally:
        log.warning = warning
