"""What breaks in the electricity while a car charges: the real drivers find it, the contactor opens, the central system
is reported which (1.6 4.9, 7.6), the transaction goes on (1.6 4.9: a fault does not end it), and it charges again."""

import pytest
from scenarios import charging

# lever, fields, what mends it -> errorCode, info and vendorErrorCode; those that end by themselves within seconds
PASSING = {
    "a contact that gets hot": ("temperature", {"ambient_c": 90}, {"ambient_c": 25}, "HighTemperature", "heat"),
    "a sensor that is lost": ("temperature", {"sensor": "lost"}, {"sensor": "good"}, "OtherError", "thermometer"),
    "a pilot that is shorted": ("pilot", {"line": "shorted"}, {"line": "good"}, "EVCommunicationError", "pilot"),
    "a car that needs air": ("ev", {"state": "D"}, {"state": "C"}, "OtherError", "ventilation"),
    "a meter that is silent": ("meter", {"wire": "silent"}, {"wire": "good"}, "PowerMeterFailure", "meter"),
    "a lock that lets go": ("lock", {"state": "loose"}, {"state": "good"}, "ConnectorLockFailure", "lock"),
}
# those that end later, or by the owner: tests/unit/profiles/core/test_fault_recovery.py
LASTING = {
    "a residual current": ("residual", {"leak_ma": 30}, "GroundFailure", "residual"),
    "a contactor that drops out": ("contactor", {"state": "stays_open"}, "PowerSwitchFailure", "stays-open"),
    "a diode that breaks": ("ev", {"state": "C", "diode": False}, "EVCommunicationError", "diode"),
    "too much voltage": ("grid", {"volts": [230, 270, 230]}, "OverVoltage", "grid"),
    "too little voltage": ("grid", {"volts": [230, 230, 180]}, "UnderVoltage", "grid"),
    "a car that ignores the limit": ("ev", {"state": "C", "model": "ignores", "max_current": 48}, "OverCurrentFailure",
                                     "current"),
}


def pull(firmware, lever, **fields):
    status, answer = firmware.request("POST", f"/api/sim/connectors/1/{lever}", fields)
    assert status == 200, answer


def told(csms, code, detail):
    """Until a StatusNotification brings this errorCode; with its details."""
    call = csms.expect("StatusNotification", timeout=10, connectorId=1, errorCode=code)
    assert call["vendorId"] == "upoint"
    assert (call["info"], call["vendorErrorCode"]) == (detail, detail)
    return call["status"]


def broken(csms, firmware, lever, fields, code, detail):
    charging(csms, firmware)
    pull(firmware, lever, **fields)
    status = told(csms, code, detail)
    assert status == ("SuspendedEVSE" if code == "EVCommunicationError" else "Faulted")
    state = firmware.wait_for("open contactor", lambda state: not state["contactor"])
    assert state["transactionId"] and not state["pwmOn"] and not csms.received("StopTransaction")


@pytest.mark.parametrize("cause", PASSING)
def test_it_charges_again_when_the_cause_is_gone(csms, station, cause):
    lever, fields, good, code, detail = PASSING[cause]
    firmware = station()
    broken(csms, firmware, lever, fields, code, detail)
    pull(firmware, lever, **good)
    csms.expect("StatusNotification", timeout=10, connectorId=1, errorCode="NoError", status="Charging")
    assert firmware.wait_for("closed contactor", lambda state: state["contactor"])["error"] == "NoError"
    assert not csms.received("StopTransaction")


@pytest.mark.parametrize("cause", LASTING)
def test_what_lasts_is_over_with_the_car_or_for_the_owner(csms, station, cause):
    lever, fields, code, detail = LASTING[cause]
    firmware = station()
    broken(csms, firmware, lever, fields, code, detail)
    firmware.fault(None)
    csms.expect("StatusNotification", timeout=10, connectorId=1, errorCode="NoError")
    firmware.unplug()
    stop = csms.expect("StopTransaction")
    assert stop["reason"] == "EVDisconnected"
    csms.expect("StatusNotification", timeout=10, connectorId=1, errorCode="NoError", status="Available")


def test_a_contactor_that_welds_is_found_when_it_should_open(csms, station):
    firmware = station()
    charging(csms, firmware)
    pull(firmware, "contactor", state="welded")
    firmware.rfid("CARD1", 1)
    assert told(csms, "PowerSwitchFailure", "welded") == "Faulted"
    assert firmware.connector()["contactor"], "what the contacts tell"
    firmware.unplug()
    firmware.wait_for("no car", lambda state: state["state"] == "A")
    assert firmware.connector()["status"] == "Faulted", "only the owner ends that"
    assert not csms.received("StopTransaction"), "energy may still flow"
    pull(firmware, "contactor", state="good")
    firmware.fault(None)
    csms.expect("StopTransaction", reason="Local")
    csms.expect("StatusNotification", connectorId=1, errorCode="NoError", status="Available")


def test_a_monitor_that_is_dead_is_found_before_closing(csms, station):
    firmware = station()
    firmware.wait_for("self-test", lambda state: state["post"])
    pull(firmware, "residual", monitor="dead")
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1", 1)
    csms.expect("StartTransaction")
    assert told(csms, "GroundFailure", "test") == "Faulted"
    assert not firmware.connector()["contactor"]


def test_a_meter_on_the_wire_and_a_car_that_has_had_enough(csms, firmware):
    """Modbus registers that the real driver reads; the car stops by itself."""
    meter = {"type": "modbus", "model": "sdm630"}
    firmware.config["connectors"] = [{"phases": 3, "max_current": 32, "meter": meter}]
    firmware.start()
    csms.expect_boot()
    pull(firmware, "meter", energy_wh=123000)
    charging(csms, firmware, max_current=16)
    # One register after another: the last that is read is here when all are.
    firmware.wait_for("power", lambda state: state["power_w"] > 11000, timeout=10)
    firmware.wait_for("current", lambda state: state["current_a"] == [16, 16, 16], timeout=10)
    assert firmware.connector()["energy_wh"] >= 123000
    pull(firmware, "ev", state="C", model="stops", after_s=1)
    csms.expect("StatusNotification", timeout=10, connectorId=1, status="SuspendedEV")
    pull(firmware, "meter", wire="wrong_crc")
    assert told(csms, "PowerMeterFailure", "meter") == "Faulted"
    pull(firmware, "meter", wire="good")
    csms.expect("StatusNotification", timeout=10, connectorId=1, errorCode="NoError", status="SuspendedEV")
