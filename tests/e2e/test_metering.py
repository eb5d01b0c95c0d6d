"""What is measured and what is told of it (1.6 4.7, 9.1.17, 9.1.19)."""

import pytest
from ocpp_schemas import parse_time
from stories import charging


def test_meter_values_come_at_the_interval(csms, station):
    """4.7, 9.1.19, E 3.15: every MeterValueSampleInterval, context Sample.Periodic, with the transaction's
    id."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    values = [csms.expect("MeterValues") for _ in range(3)]
    energy = []
    for value in values:
        assert (value["connectorId"], value["transactionId"]) == (1, 1)
        (sample,) = value["meterValue"][0]["sampledValue"]
        assert sample.get("context", "Sample.Periodic") == "Sample.Periodic"
        assert sample.get("measurand", "Energy.Active.Import.Register") == "Energy.Active.Import.Register"
        assert sample.get("unit", "Wh") == "Wh"
        energy.append(float(sample["value"]))
    assert energy == sorted(energy) and energy[0] < energy[-1]
    times = [parse_time(value["meterValue"][0]["timestamp"]) for value in values]
    for earlier, later in zip(times, times[1:], strict=False):
        assert 0.5 < (later - earlier).total_seconds() < 1.6
    firmware.rfid("CARD1")
    stop = csms.expect("StopTransaction")
    assert stop["meterStop"] >= energy[-1]
    assert not [value for value in csms.received("MeterValues") if value.at > stop.at]


def test_energy_and_power_are_plausible(csms, station):
    """Three phases at 230 V: the car draws what it wants, at most the limit, and energy is power times
    time."""
    firmware = station()
    charging(csms, firmware, max_current=10)
    state = firmware.wait_for("power", lambda state: state["power_w"] > 0)
    assert state["current_a"] == [10, 10, 10] and state["limit_a"] == 32
    assert state["power_w"] == pytest.approx(3 * 230 * 10, rel=0.05)
    firmware.ev("C", max_current=63)
    state = firmware.wait_for("full power", lambda state: state["power_w"] > 3 * 230 * 30)
    assert max(state["current_a"]) == 32

    first = firmware.connector()["energy_wh"]
    began = csms.now()
    last = firmware.wait_for("10 Wh", lambda state: state["energy_wh"] >= first + 10)["energy_wh"]
    hours = (csms.now() - began).total_seconds() / 3600
    assert last - first == pytest.approx(3 * 230 * 32 * hours, rel=0.25, abs=2)

    firmware.ev("C", max_current=16, phases=1)
    state = firmware.wait_for("one phase", lambda state: state["current_a"] == [16, 0, 0])
    assert state["power_w"] == pytest.approx(230 * 16, rel=0.05)


def test_the_small_limit_wins(csms, firmware):
    """Design 3.3: the car draws the minimum of its own wish and the limit, which the board's may be."""
    firmware.start(board={"max_current": 13})
    csms.expect_boot()
    charging(csms, firmware, max_current=32)
    state = firmware.wait_for("power", lambda state: state["power_w"] > 0)
    assert state["limit_a"] == 13 and state["current_a"] == [13, 13, 13]
