"""ocpp.schema: each error of OCPP-J 4.2.3 on a message that shows it, dates, decimals, and what is known."""

import json

from helpers import raises
from ocpp.errors import OcppError
from ocpp.schema import Schema
from ocpp.clock.iso8601 import is_date_time
from ocpp.schema import checking
from ocpp.schema.values import is_tenths

SCHEMA = Schema(__file__[: __file__.rfind("tests/unit")] + "schemas/ocpp16.tbl")


def check(action, text, response=False):
    return SCHEMA.check(action, response, json.loads(text))


def fault(expected, action, text, response=False):
    error = raises(OcppError, check, action, text, response)
    assert error.code == expected, error.code
    return error.args[0]


def profile(limit):
    period = '{"startPeriod": 0, "limit": %s}' % limit
    schedule = '{"chargingRateUnit": "A", "chargingSchedulePeriod": [%s]}' % period
    kind = '"chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Absolute"'
    fields = '"chargingProfileId": 1, "stackLevel": 0, %s, "chargingSchedule": %s' % (kind, schedule)
    return '{"connectorId": 1, "csChargingProfiles": {%s}}' % fields


def boot(interval):
    return '{"status": "Accepted", "currentTime": "2026-11-21T03:04:05Z", "interval": %s}' % interval


def test_known_actions_are_those_of_1_6_and_of_the_security_extension():
    for action in ("Authorize", "UpdateFirmware", "SignedUpdateFirmware", "GetLog"):
        assert checking.find(SCHEMA, action, False) is not None
    for action in ("AuthorizeResponse", "authorize", "Authoriz", "", "RequestStartTransaction", "Günther"):
        assert checking.find(SCHEMA, action, False) is None


def test_an_unknown_action_is_not_implemented():
    assert fault("NotImplemented", "Foo", "{}") == "unknown action Foo"


def test_requests_and_responses_have_their_own_schema():
    assert check("Authorize", '{"idTag": "A"}') is None
    assert check("Authorize", '{"idTagInfo": {"status": "Accepted"}}', True) is None
    assert fault("ProtocolError", "Authorize", '{"idTag": "A"}', True) == "idTagInfo: missing"


def test_a_payload_without_fields():
    assert check("Heartbeat", "{}") is None
    assert fault("FormationViolation", "Heartbeat", '{"a": 1}') == "a: unknown field"


def test_a_payload_that_is_no_object_is_a_formation_violation():
    for text in ("[]", "null", '"idTag"', "1", "true"):
        assert fault("FormationViolation", "Authorize", text) == "payload is not an object"


def test_an_unknown_field_is_a_formation_violation_at_any_depth():
    text = '{"idTagInfo": {"status": "Accepted", "x": 1}}'
    assert fault("FormationViolation", "Authorize", text, True) == "idTagInfo.x: unknown field"
    for name in ("1", "20", "idtag", ""):
        fault("FormationViolation", "Authorize", '{"idTag": "A", "%s": 1}' % name)
    assert len(fault("FormationViolation", "Authorize", '{"idTag": "A", "%s": 1}' % ("x" * 900))) < 80


def test_a_missing_field_is_a_protocol_error_at_any_depth():
    assert fault("ProtocolError", "Authorize", "{}") == "idTag: missing"
    text = '{"connectorId": 1, "meterValue": [{"timestamp": "2026-11-21T03:04:05Z", "sampledValue": [{}]}]}'
    assert fault("ProtocolError", "MeterValues", text) == "meterValue[0].sampledValue[0].value: missing"


def test_a_wrong_type_is_a_type_violation():
    assert fault("TypeConstraintViolation", "Authorize", '{"idTag": 1}') == "idTag: int instead of string"
    for value in ("null", "true", "1", "[]", "{}"):
        fault("TypeConstraintViolation", "Authorize", '{"idTag": %s}' % value)
    for value in ("null", "true", "1.0", '"1"', "[]", "{}"):
        fault("TypeConstraintViolation", "BootNotification", boot(value), True)
    for value in ("null", "false", '"16"', "[]", "{}"):
        fault("TypeConstraintViolation", "SetChargingProfile", profile(value))
    fault("TypeConstraintViolation", "GetConfiguration", '{"key": {"0": "a"}}')
    fault("TypeConstraintViolation", "Authorize", '{"idTagInfo": []}', True)
    text = '{"configurationKey": [{"key": "a", "readonly": 0}]}'
    assert fault("TypeConstraintViolation", "GetConfiguration", text, True).startswith(
        "configurationKey[0].readonly:"
    )


def test_integers_may_be_of_any_size():
    for value in ("0", "-1", "1073741824", "4294967296", "123456789012345678901234567890"):
        assert check("BootNotification", boot(value), True) is None


def test_a_length_is_a_maximum_in_characters():
    for tag in ("", "x" * 20, "é" * 20, "€" * 20):
        assert check("Authorize", '{"idTag": "%s"}' % tag) is None
    for tag in ("x" * 21, "é" * 21):
        text = fault("PropertyConstraintViolation", "Authorize", '{"idTag": "%s"}' % tag)
        assert text == "idTag: 21 characters, at most 20"
    assert check("DataTransfer", '{"vendorId": "v", "data": "%s"}' % ("x" * 3000)) is None
    fault("PropertyConstraintViolation", "GetConfiguration", '{"key": ["a", "%s"]}' % ("x" * 51))


def test_a_value_outside_an_enumeration_is_a_property_violation():
    assert check("Reset", '{"type": "Soft"}') is None
    assert fault("PropertyConstraintViolation", "Reset", '{"type": "Warm"}') == "type: 'Warm' is not allowed"
    for value in ("", "Sof", "soft", "Soft ", "Hard|Soft", "|", "x" * 900):
        assert len(fault("PropertyConstraintViolation", "Reset", '{"type": "%s"}' % value)) < 90


def test_too_few_items_are_an_occurence_violation():
    text = fault("OccurenceConstraintViolation", "MeterValues", '{"connectorId": 1, "meterValue": []}')
    assert text == "meterValue: fewer than 1 items"
    assert check("GetConfiguration", '{"key": []}') is None


def test_both_spellings_of_celsius():
    for unit in ("Celcius", "Celsius"):
        sample = (
            '[{"timestamp": "2026-11-21T03:04:05Z", "sampledValue": [{"value": "1", "unit": "%s"}]}]' % unit
        )
        assert check("MeterValues", '{"connectorId": 1, "meterValue": %s}' % sample) is None
        stop = (
            '{"transactionId": 1, "meterStop": 1, "timestamp": "2026-11-21T03:04:05Z", "transactionData": %s}'
        )
        assert check("StopTransaction", stop % sample) is None


def test_limits_have_one_decimal():
    for limit in ("16", "0", "0.1", "0.3", "-6.7", "16.0", "1.6e1", "22000.1", "1e9"):
        assert check("SetChargingProfile", profile(limit)) is None
    path = "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit: "
    text = fault("PropertyConstraintViolation", "SetChargingProfile", profile("12.34"))
    assert text == path + "12.34 is not a multiple of 0.1"
    for limit in ("0.05", "-0.01", "16.25", "22000.15", "1e-3", "1e999"):
        fault("PropertyConstraintViolation", "SetChargingProfile", profile(limit))


def test_decimals_allow_for_the_rounding_of_binary_floats():
    above, below = float("0.1") * 3, float("0.3") - float("0.1")
    assert above * 10 > 3 and is_tenths(above)
    assert below * 10 < 2 and is_tenths(below)


def test_a_malformed_time_is_a_property_violation():
    assert check("Heartbeat", '{"currentTime": "2026-11-21T03:04:05Z"}', True) is None
    text = fault("PropertyConstraintViolation", "Heartbeat", '{"currentTime": "yesterday"}', True)
    assert text == "currentTime: 'yesterday' is not a date-time"


def test_times_as_clients_write_them():
    """1.6 3.14, 3.15, E 3.10: any ISO 8601 dateTime; without a zone it is UTC."""
    for tail in ("Z", "z", ".5Z", ".123456789Z", "+02:00", "-11:30", "+00:00", ".1+05:45",
                 "", "+0200", "+02", ".5", ",5Z", ".250-0330"):
        assert is_date_time("2026-11-21T03:04:05" + tail), tail
    for tail in ("+24:00", "+02:60", ".Z", "ZZ", " Z", "02:00", "Z\n", "*02:00", "+2", "+020", "+02:", "+02:0", "+",
                 "é"):
        assert not is_date_time("2026-11-21T03:04:05" + tail), tail
    for text in ("2026-11-21 03:04:05", "2026-11-21t03:04:05z", "2026-11-21T03:04", "2026-11-21T03:04+01:00"):
        assert is_date_time(text), text
    for head in ("2026-11-2", "2026-11-21", "20261121T030405", "+026-11-21T03:04:05", "2026-11-21T03",
                 "2026-11-21T3:04:05", "２026-11-21T03:04:05", ""):
        assert not is_date_time(head + "Z"), head


def test_times_that_the_calendar_does_not_have():
    for day in ("2024-02-29", "2000-02-29", "2026-12-31", "2026-04-30"):
        assert is_date_time(day + "T00:00:00Z")
    for day in (
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-00-01",
        "2026-13-01",
        "2026-01-00",
        "2026-01-32",
    ):
        assert not is_date_time(day + "T00:00:00Z")
    for time in ("24:00:00", "23:60:00", "23:59:61", "12:00:60"):
        assert not is_date_time("2026-11-21T" + time + "Z")


def test_a_leap_second_ends_a_day_of_utc():
    assert is_date_time("2016-12-31T23:59:60Z")
    assert is_date_time("2017-01-01T05:29:60+05:30")
    assert is_date_time("2016-12-31T15:59:60-08:00")
    assert not is_date_time("2016-12-31T15:59:60+08:00")
