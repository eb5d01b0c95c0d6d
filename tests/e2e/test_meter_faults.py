"""A meter whose register jumps, falls, restarts, or answers late while a car charges: the central system gets a
warning, the car continues to charge, and only energy that can have flowed is billed."""

import pytest
from ocpp_schemas import parse_time
from scenarios import charging

METERS = {
    "ideal": {"type": "sim"},
    "sdm72": {"type": "modbus", "model": "sdm72"},
    "sdm630": {"type": "modbus", "model": "sdm630"},
}
FULL_W = 3 * 230 * 32


def shows(firmware, **fields):
    status, answer = firmware.request("POST", "/api/sim/connectors/1/meter", fields)
    assert status == 200, answer


def at_5_kwh(csms, firmware, meter):
    """A car charges; the meter has measured 5 kWh before."""
    firmware.config["connectors"] = [{"phases": 3, "max_current": 32, "meter": METERS[meter]}]
    firmware.config["ocpp"] = {"MeterValueSampleInterval": "1",
                               "MeterValuesSampledData": "Energy.Active.Import.Register"}
    firmware.start()
    csms.expect_boot()
    firmware.meter(5000)
    charging(csms, firmware)
    csms.expect("MeterValues", timeout=25)


def billed_right(csms, firmware):
    """The session ends; no register is above what can have flowed until then, and none is below the one before."""
    firmware.rfid("CARD1")
    stop = csms.expect("StopTransaction", timeout=25)
    start = csms.received("StartTransaction")[0]
    assert start["meterStart"] == 5000
    told = [(start["timestamp"], start["meterStart"])]
    for values in csms.received("MeterValues"):
        (element,) = values["meterValue"]
        told += [(element["timestamp"], int(value["value"])) for value in element["sampledValue"]]
    told.append((stop["timestamp"], stop["meterStop"]))
    assert [wh for _, wh in told] == sorted(wh for _, wh in told)
    for timestamp, wh in told:
        seconds = (parse_time(timestamp) - parse_time(start["timestamp"])).total_seconds() + 2
        assert wh - 5000 <= FULL_W * seconds / 3600 + 1, (timestamp, wh)
    assert stop["meterStop"] > 5000
    assert not csms.received("StatusNotification", status="Faulted")


def warned(csms, wh):
    """A warning that stops nothing, with the register in it."""
    call = csms.expect("StatusNotification", timeout=25, connectorId=1, errorCode="OtherError")
    assert (call["status"], call["vendorErrorCode"]) == ("Charging", "energy-register")
    words = call["info"].split()
    assert words[:1] + words[2:3] + words[4:] == ["register", "->", "Wh", "not", "billed"]
    assert 5000 <= int(words[1]) < 5100 and wh <= int(words[3]) < wh + 100


@pytest.mark.parametrize("meter", METERS)
def test_a_jump_of_the_register_is_reported_and_not_billed(csms, firmware, meter):
    """7 MWh at once, as power that was read as energy: for a moment, and for so long that it is the register."""
    at_5_kwh(csms, firmware, meter)
    shows(firmware, shows_wh=7000000)
    warned(csms, 7000000)
    csms.expect("MeterValues", timeout=25)
    shows(firmware, shows_wh=None)
    before = firmware.connector()["energy_wh"]
    firmware.wait_for("energy again", lambda state: state["energy_wh"] > before + 10, timeout=30)
    shows(firmware, shows_wh=9000000)
    firmware.wait_for("energy from there on", lambda state: state["energy_wh"] > before + 60, timeout=60)
    assert firmware.connector()["contactor"]
    billed_right(csms, firmware)


@pytest.mark.parametrize("meter", METERS)
def test_a_restart_at_zero_and_the_return_bill_nothing_twice(csms, firmware, meter):
    at_5_kwh(csms, firmware, meter)
    shows(firmware, shows_wh=0)
    warned(csms, 0)
    before = firmware.connector()["energy_wh"]
    firmware.wait_for("energy from zero on", lambda state: state["energy_wh"] > before + 40, timeout=60)
    shows(firmware, shows_wh=None)
    before = firmware.connector()["energy_wh"]
    firmware.wait_for("energy from there on", lambda state: state["energy_wh"] > before + 40, timeout=60)
    assert firmware.connector()["contactor"]
    billed_right(csms, firmware)


def test_a_late_modbus_answer_is_no_other_one(csms, firmware):
    """Its power is not taken for energy; a meter that answers late for ever is as good as none."""
    at_5_kwh(csms, firmware, "sdm72")
    shows(firmware, wire="late")
    status = csms.expect("StatusNotification", timeout=30, connectorId=1, errorCode="PowerMeterFailure")
    assert status["status"] == "Faulted"
    shows(firmware, wire="good")
    csms.expect("StatusNotification", timeout=30, connectorId=1, errorCode="NoError", status="Charging")
    firmware.rfid("CARD1")
    stop = csms.expect("StopTransaction", timeout=25)
    assert 5000 < stop["meterStop"] < 6000
