"""What the meters measure and how it is written (1.6 7.31, 7.33, 7.43, 7.45, E 3.86)."""

from central_system import TIME
from hal.evse.machine import Evse
from sim_board import Board
from ocpp.clock.iso8601 import days_to
from profiles.core.measurand_names import MEASURANDS
from profiles.core.measurands import decimal, meter_value, sample


def board(*phases):
    """EVSEs that charge at 16 A on as many phases as given for each."""
    TIME.ms = 0
    made = Board([{"phases": count} for count in phases], ticks=TIME.ticks_ms)
    evses = [Evse(devices, n + 1, phases[n]) for n, devices in enumerate(made.connectors)]
    tick(evses, 100)
    for number, evse in enumerate(evses):
        made.meter(number + 1, 100 * (number + 1))
        made.ev(number + 1, "C")
        evse.limits.set("profile", 160)
        evse.lock.wanted = True
        evse.permit(True)
    tick(evses, 4000)
    return evses


def tick(evses, milliseconds):
    for _ in range(milliseconds // 20):
        TIME.ms += 20
        for evse in evses:
            evse.tick(TIME.ms)


def elements(evses, *names):
    found = meter_value(sample(evses, names, "Trigger", 0), 0)["sampledValue"]
    return [(element["value"], element.get("unit"), element.get("phase")) for element in found]


def test_decimals_are_exact():
    for value, digits, text in (
        (160, 1, "16.0"),
        (0, 1, "0.0"),
        (5, 1, "0.5"),
        (-5, 1, "-0.5"),
        (-123, 2, "-1.23"),
        (5000, 2, "50.00"),
        (5001, 2, "50.01"),
        (16777217, 0, "16777217"),
        (167772171, 1, "16777217.1"),
    ):
        assert decimal(value, digits) == text


def test_each_measurand_of_one_connector():
    evse = board(3)[:1]
    energy = int(elements(evse, "Energy.Active.Import.Register")[0][0])
    assert 100 < energy < 120
    assert elements(evse, "Power.Active.Import") == [("11040", "W", None)]
    assert elements(evse, "Current.Import") == [("16.0", "A", "L1"), ("16.0", "A", "L2"), ("16.0", "A", "L3")]
    assert elements(evse, "Voltage") == [("230.0", "V", "L1-N"), ("230.0", "V", "L2-N"), ("230.0", "V", "L3-N")]
    assert elements(evse, "Frequency") == [("50.00", None, None)]
    assert elements(evse, "Current.Offered") == [("16.0", "A", None)]
    assert elements(evse, "Power.Offered") == [("11040", "W", None)]
    assert elements(evse, "Temperature") == [("25", "Celcius", None)]


def test_connector_0_is_all_of_them():
    evses = board(1, 3)
    assert 300 < int(elements(evses, "Energy.Active.Import.Register")[0][0]) < 330
    assert elements(evses, "Current.Import") == [("32.0", "A", "L1"), ("16.0", "A", "L2"), ("16.0", "A", "L3")]
    assert elements(evses, "Power.Active.Import") == [("14720", "W", None)]
    assert elements(evses, "Current.Offered") == [("32.0", "A", None)]
    assert elements(evses, "Power.Offered") == [("14720", "W", None)]


def test_nothing_is_offered_without_pwm():
    evse = board(3)[0]
    evse.permit(False)
    evse.tick(TIME.ms + 20)
    assert elements([evse], "Current.Offered", "Power.Offered") == [("0.0", "A", None), ("0", "W", None)]


def test_a_board_without_thermometer_has_no_temperature():
    class Blind:
        def celsius(self):
            return None

    evses = board(1, 1)
    evses[0].devices.temperature = Blind()
    assert elements(evses, "Temperature") == [("25", "Celcius", None)]
    assert elements(evses[:1], "Temperature", "Frequency") == [("50.00", None, None)]


def test_an_element_says_what_it_is():
    packed = sample(board(1), ["Voltage"], "Transaction.Begin", days_to(2026, 1, 1) * 86400)
    assert meter_value(packed, 60) == {
        "timestamp": "2026-01-01T00:01:00Z",
        "sampledValue": [
            {"value": "230.0", "context": "Transaction.Begin", "measurand": "Voltage", "unit": "V", "phase": "L1-N"}
        ],
    }


def test_all_measurands_together():
    assert len(elements(board(3), *MEASURANDS)) == 12
