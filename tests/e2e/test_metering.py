"""What is measured and what is reported of it (1.6 4.7, 9.1.17, 9.1.19)."""

import pytest
from ocpp_schemas import parse_time
from scenarios import charging

# What is sent by default, of a meter that has it all.
SHOWN = [
    ("Energy.Active.Import.Register", "Wh", None),
    ("Power.Active.Import", "W", None),
    *[("Current.Import", "A", phase) for phase in ("L1", "L2", "L3")],
    ("Current.Offered", "A", None),
    *[("Voltage", "V", phase) for phase in ("L1-N", "L2-N", "L3-N")],
]


def test_meter_values_come_at_the_interval(csms, station):
    """4.7, 9.1.19, E 3.15: every MeterValueSampleInterval, context Sample.Periodic, with the transaction's
    id."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    values = [csms.expect("MeterValues") for _ in range(6)]
    energy = []
    for value in values:
        assert (value["connectorId"], value["transactionId"]) == (1, 1)
        samples = value["meterValue"][0]["sampledValue"]
        assert {sample["context"] for sample in samples} == {"Sample.Periodic"}
        assert [(sample["measurand"], sample["unit"], sample.get("phase")) for sample in samples] == SHOWN
        energy.append(float(samples[0]["value"]))
    assert energy == sorted(energy) and energy[0] < energy[-1]
    times = [parse_time(value["meterValue"][0]["timestamp"]) for value in values]
    apart = [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:], strict=False)]
    assert sorted(apart)[2] == 1, "they are in whole seconds: a moment late may be 2 s apart"
    assert 0 < min(apart) and max(apart) <= 2 and sum(apart) <= len(apart) + 1
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
    """The simulated car draws the minimum of its own wish and the limit, which the board's may be (testing.md)."""
    firmware.start(board={"max_current": 13})
    csms.expect_boot()
    charging(csms, firmware, max_current=32)
    state = firmware.wait_for("power", lambda state: state["power_w"] > 0)
    assert state["limit_a"] == 13 and state["current_a"] == [13, 13, 13]


def test_clock_aligned_values_are_of_their_moment(csms, station):
    """9.1.5, OCA TC_071: stamped with multiples of the interval, and what flowed from one to the next is in between;
    the one connector has no connector 0."""
    charging(csms, station(ClockAlignedDataInterval="3", MeterValueSampleInterval="0"))
    values = [csms.expect("MeterValues", timeout=25, transactionId=1) for _ in range(4)]
    times, energy = [], []
    for value in values:
        (element,) = value["meterValue"]
        (sample,) = element["sampledValue"]
        assert (value["connectorId"], sample["context"]) == (1, "Sample.Clock")
        times.append(parse_time(element["timestamp"]))
        energy.append(int(sample["value"]))
    assert all(time.second % 3 == 0 and time.microsecond == 0 for time in times), times
    assert {(after - before).total_seconds() for before, after in zip(times, times[1:], strict=False)} == {3}
    assert times[0] > parse_time(csms.received("StartTransaction")[0]["timestamp"])
    for before, after in zip(energy[1:], energy[2:], strict=False):
        assert after - before == pytest.approx(3 * 230 * 32 * 3 / 3600, abs=14), energy
    assert not csms.received("MeterValues", connectorId=0)
