"""The parts of the central system that need no connection."""

import pytest
from support import load

book = load("csms_book")
commands = load("csms_commands")
meter = load("csms_meter")


def sampled(value, measurand=None, unit=None, phase=None):
    fields = {"value": value, "measurand": measurand, "unit": unit, "phase": phase}
    return {name: field for name, field in fields.items() if field is not None}


def meter_value(*samples):
    return [{"timestamp": "2026-01-01T00:00:00Z", "sampledValue": list(samples)}]


def start(connector=1, tag="TAG", meter_start=100, timestamp="2026-01-01T00:00:00Z"):
    return {"connectorId": connector, "idTag": tag, "meterStart": meter_start, "timestamp": timestamp}


def stop(transaction, meter_stop, timestamp="2026-01-01T01:00:00Z"):
    return {"transactionId": transaction, "meterStop": meter_stop, "timestamp": timestamp}


@pytest.mark.parametrize("samples, text", [
    ([sampled("12")], "12 Wh"),
    ([sampled("3.68", "Power.Active.Import", "kW"), sampled("16.04", "Current.Import", "A"), sampled("12")],
     "3.7 kW 16.0 A 12 Wh"),
    ([sampled("0.012", None, "kWh"), sampled("850", "Power.Active.Import", "W")], "850 W 12 Wh"),
    ([sampled(i, "Current.Import", "A", p) for i, p in (("16", "L1"), ("15.8", "L2"), ("0", "L3"))],
     "16.0/15.8/0.0 A"),
    ([sampled("16", "Current.Import", "A", p) for p in ("L1", "L2", "L3")], "16.0 A"),
    ([sampled("1000", "Power.Active.Import", "W", p) for p in ("L1", "L2", "L3")], "3.0 kW"),
    ([sampled("230.4", "Voltage", "V"), sampled("41", "SoC", "Percent")], "SoC 41 Percent Voltage 230.4 V"),
    ([sampled("no number")], "no values"),
])
def test_meter_values_are_summed_up_in_a_line(samples, text):
    assert meter.summary(meter_value(*samples)) == text


def test_the_latest_sample_counts():
    assert meter.energy_wh(meter_value(sampled("12")) + meter_value(sampled("15"))) == 15
    assert meter.energy_wh(meter_value(sampled("16", "Current.Import"))) is None


def test_a_transaction_from_start_to_stop_has_no_problems():
    ledger = book.Book()
    transaction, problems = ledger.start("cp", start())
    assert (transaction.id, problems) == (1, [])
    assert ledger.meter("cp", {"connectorId": 1, "transactionId": 1}, 150) == []
    assert transaction.energy == 50
    assert ledger.stop("cp", stop(1, 160)) == (transaction, [])
    assert transaction.energy == 60 and ledger.running("cp") == []
    assert ledger.start("cp", start())[0].id == 2


def test_a_repeated_request_is_booked_once():
    ledger = book.Book()
    first, _ = ledger.start("cp", start())
    again, problems = ledger.start("cp", start())
    assert again is first and "repeated" in problems[0]
    ledger.stop("cp", stop(1, 160))
    assert "repeated" in ledger.stop("cp", stop(1, 160))[1][0]
    assert "already" in ledger.stop("cp", stop(1, 170))[1][0] and first.meter_stop == 160


@pytest.mark.parametrize("request_, problem", [
    (stop(1, 99), "less than meterStart"),
    (stop(1, 120), "less than the last meter value"),
    (stop(7, 200), "never started"),
    (stop(2, 200), "belongs to other"),
    (stop(-1, 200), "no id"),
])
def test_a_stop_that_does_not_fit_is_a_problem(request_, problem):
    ledger = book.Book()
    ledger.start("cp", start())
    ledger.start("other", start())
    ledger.meter("cp", {"connectorId": 1, "transactionId": 1}, 150)
    assert problem in ledger.stop("cp", request_)[1][0]


@pytest.mark.parametrize("connector, energy, problem", [
    (2, 150, "runs on connector 1"),
    (1, 99, "went back"),
])
def test_meter_values_that_do_not_fit_are_a_problem(connector, energy, problem):
    ledger = book.Book()
    ledger.start("cp", start())
    problems = ledger.meter("cp", {"connectorId": connector, "transactionId": 1}, energy)
    assert len(problems) == 1 and problem in problems[0]


def test_two_transactions_on_a_connector_are_a_problem():
    ledger = book.Book()
    ledger.start("cp", start())
    assert "already runs transaction 1" in ledger.start("cp", start(tag="OTHER"))[1][0]


@pytest.mark.parametrize("line, action, payload", [
    ("start TAG", "RemoteStartTransaction", {"idTag": "TAG"}),
    ("start cp TAG 2", "RemoteStartTransaction", {"idTag": "TAG", "connectorId": 2}),
    ("stop", "RemoteStopTransaction", {"transactionId": 1}),
    ("stop 5", "RemoteStopTransaction", {"transactionId": 5}),
    ("reset", "Reset", {"type": "Soft"}),
    ("reset HARD", "Reset", {"type": "Hard"}),
    ("get", "GetConfiguration", {}),
    ("get A B", "GetConfiguration", {"key": ["A", "B"]}),
    ("set Key a value", "ChangeConfiguration", {"key": "Key", "value": "a value"}),
    ("set Key", "ChangeConfiguration", {"key": "Key", "value": ""}),
    ("unlock 1", "UnlockConnector", {"connectorId": 1}),
    ("availability 0 inoperative", "ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}),
    ("trigger MeterValues 1", "TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}),
    ("trigger LogStatusNotification", "ExtendedTriggerMessage",
     {"requestedMessage": "LogStatusNotification"}),
    ("call ClearCache", "ClearCache", {}),
    ('call cp Odd {"a": [1, 2]}', "Odd", {"a": [1, 2]}),
    ('call Odd {"a": [1, 2]}', "Odd", {"a": [1, 2]}),
])
def test_a_command_becomes_a_call(line, action, payload):
    ledger = book.Book()
    ledger.start("cp", start())
    assert commands.parse(line, {"cp": None}, ledger) == ("cp", action, payload)


@pytest.mark.parametrize("line, hint", [
    ("fly", "help"), ("start", "usage: start [cp] TAG [connector]"), ("start a b", "usage: start"),
    ("unlock one", "usage: unlock [cp] N"), ("reset warm", "usage: reset"), ("stop", "no transaction"),
    ("availability 1 broken", "usage: availability [cp] N operative|inoperative"), ("set", "usage: set"),
    ("call", "usage: call"), ("call Reset {", "not JSON"), ("call Reset []", "JSON object"),
])
def test_a_bad_command_gets_one_helpful_line(line, hint):
    with pytest.raises(commands.CommandError) as caught:
        commands.parse(line, {"cp": None}, book.Book())
    text = caught.value.args[0]
    assert hint in text and "\n" not in text


def test_the_charge_point_must_be_named_when_there_are_several():
    with pytest.raises(commands.CommandError, match="name one: a b"):
        commands.parse("reset", {"b": None, "a": None}, book.Book())
    assert commands.parse("reset b hard", {"b": None, "a": None}, book.Book())[0] == "b"
    with pytest.raises(commands.CommandError, match="no charge point"):
        commands.parse("reset", {}, book.Book())
