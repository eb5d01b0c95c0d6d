"""Configuration keys over OCPP (1.6 5.3, 5.8, 9)."""

import pytest
from answers import CallError
from scenarios import charging

# 9.1 as corrected by E 3.80 and 3.81: what a charge point with the Core profile has to have.
REQUIRED = """AuthorizeRemoteTxRequests ClockAlignedDataInterval ConnectionTimeOut ConnectorPhaseRotation
    GetConfigurationMaxKeys HeartbeatInterval LocalAuthorizeOffline LocalPreAuthorize MeterValuesAlignedData
    MeterValuesSampledData MeterValueSampleInterval NumberOfConnectors ResetRetries StopTransactionOnInvalidId
    StopTxnAlignedData StopTxnSampledData SupportedFeatureProfiles TransactionMessageAttempts
    TransactionMessageRetryInterval UnlockConnectorOnEVSideDisconnect""".split()

DATE = "2030-01-01T00:00:00Z"
PROFILE = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
    },
}
# One harmless request for each message that the central system may send only to who has the profile (1.6
# 3.3).
# What a profile that is switched off answers where the specification has a status for it (5.1, 5.10, 5.11, 5.13).
SWITCHED_OFF = {
    "GetLocalListVersion": {"listVersion": -1},
    "SendLocalList": {"status": "NotSupported"},
    "ReserveNow": {"status": "Rejected"},
    "CancelReservation": {"status": "Rejected"},
}
MESSAGES = [
    ("FirmwareManagement", "GetDiagnostics", {"location": "ftp://127.0.0.1:9/"}),
    (
        "FirmwareManagement",
        "UpdateFirmware",
        {"location": "ftp://127.0.0.1:9/", "retrieveDate": "2099-01-01T00:00:00Z"},
    ),
    ("LocalAuthListManagement", "GetLocalListVersion", {}),
    ("LocalAuthListManagement", "SendLocalList", {"listVersion": 1, "updateType": "Full"}),
    ("Reservation", "ReserveNow", {"connectorId": 1, "expiryDate": DATE, "idTag": "A", "reservationId": 1}),
    ("Reservation", "CancelReservation", {"reservationId": 1}),
    ("SmartCharging", "SetChargingProfile", {"connectorId": 1, "csChargingProfiles": PROFILE}),
    ("SmartCharging", "ClearChargingProfile", {}),
    ("SmartCharging", "GetCompositeSchedule", {"connectorId": 1, "duration": 60}),
    ("RemoteTrigger", "TriggerMessage", {"requestedMessage": "Heartbeat"}),
]


def get(csms, *keys):
    """GetConfiguration.conf as ({key: value}, {key: readonly}, unknown keys)."""
    answer = csms.call("GetConfiguration", {"key": list(keys)} if keys else {})
    found = answer["configurationKey"]
    values = {key["key"]: key.get("value") for key in found}
    return values, {key["key"]: key["readonly"] for key in found}, answer.get("unknownKey", [])


def change(csms, key, value):
    """The status of ChangeConfiguration.conf."""
    return csms.call("ChangeConfiguration", {"key": key, "value": value})["status"]


def test_all_keys(csms, station):
    """5.8: no list or an empty one asks for all; nothing twice, AuthorizationKey never (J 3.12)."""
    station(connectors=2)
    answer = csms.call("GetConfiguration")
    assert csms.call("GetConfiguration", {"key": []}) == answer
    assert not answer.get("unknownKey")
    names = [key["key"] for key in answer["configurationKey"]]
    assert len(set(names)) == len(names)
    assert "AuthorizationKey" not in names
    values, readonly, _ = get(csms)
    assert values["NumberOfConnectors"] == "2" and readonly["NumberOfConnectors"]
    assert values["SupportedFeatureProfiles"].split(",")[0] == "Core" and readonly["SupportedFeatureProfiles"]
    assert not readonly["HeartbeatInterval"]


def test_the_required_keys_are_there(csms, station):
    """9.1: the required keys of Core."""
    station()
    values, _, unknown = get(csms, *REQUIRED)
    assert unknown == [] and len(values) == len(REQUIRED)


def test_selected_and_unknown_keys(csms, station):
    """5.8: recognized keys with value and read-only state, the others in unknownKey."""
    station(HeartbeatInterval="77")
    csms.interval = 77
    values, readonly, unknown = get(csms, "NumberOfConnectors", "Nonsense", "MeterValueSampleInterval", "Foo")
    assert set(values) == {"NumberOfConnectors", "MeterValueSampleInterval"}
    assert readonly == {"NumberOfConnectors": True, "MeterValueSampleInterval": False}
    assert unknown == ["Nonsense", "Foo"]
    assert get(csms, "Nonsense") == ({}, {}, ["Nonsense"])


def test_key_names_are_case_insensitive(csms, station):
    """6.23, 6.9, 7.17: a key is a CiString50."""
    station()
    values, _, unknown = get(csms, "NUMBEROFCONNECTORS")
    assert list(values.values()) == ["1"] and not unknown
    assert change(csms, "metervaluesampleinterval", "17") == "Accepted"
    assert get(csms, "MeterValueSampleInterval")[0] == {"MeterValueSampleInterval": "17"}


@pytest.mark.parametrize(
    "key, value, status",
    [
        ("MeterValueSampleInterval", "30", "Accepted"),
        ("AuthorizeRemoteTxRequests", "TRUE", "Accepted"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register", "Accepted"),
        ("MeterValuesSampledData", "", "Accepted"),
        ("MeterValueSampleInterval", "often", "Rejected"),
        ("MeterValueSampleInterval", "-1", "Rejected"),
        ("MeterValueSampleInterval", "", "Rejected"),
        ("MeterValueSampleInterval", "1.5", "Rejected"),
        ("MeterValueSampleInterval", "99999999999999999999", "Rejected"),
        ("MeterValueSampleInterval", "²", "Rejected"),
        ("WebSocketPingInterval", "-1", "Rejected"),
        ("AuthorizeRemoteTxRequests", "yes", "Rejected"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,Taste", "Rejected"),
        ("NumberOfConnectors", "3", "Rejected"),
        ("SupportedFeatureProfiles", "Core", "Rejected"),
        ("Nonsense", "1", "NotSupported"),
    ],
)
def test_change_configuration(csms, station, key, value, status):
    """5.3: Accepted, Rejected for what does not fit or is read-only, NotSupported for an unknown key; E
    3.13."""
    station()
    before = get(csms)[0]
    assert change(csms, key, value) == status
    after = get(csms)[0]
    if status == "Accepted":
        assert after.pop(key).lower() == value.lower()
        before.pop(key)
    assert after == before


def test_a_changed_key_survives_a_power_cut(csms, station):
    """owner.md, config.json: the config's value holds until the central system changes it; then the change holds."""
    firmware = station(MeterValueSampleInterval="40", ConnectionTimeOut="50")
    assert change(csms, "MeterValueSampleInterval", "41") == "Accepted"
    firmware.restart()
    csms.expect_boot()
    values, _, _ = get(csms, "MeterValueSampleInterval", "ConnectionTimeOut")
    assert values == {"MeterValueSampleInterval": "41", "ConnectionTimeOut": "50"}


def test_many_changes_and_power_cuts(csms, station):
    """Whatever was answered with Accepted holds; the process is killed right after the answer."""
    firmware = station()
    for value in ("11", "12", "13"):
        assert change(csms, "ConnectionTimeOut", value) == "Accepted"
        firmware.kill()
        firmware.start()
        csms.expect_boot()
        assert get(csms, "ConnectionTimeOut")[0] == {"ConnectionTimeOut": value}


def test_a_read_only_key_may_be_set_by_the_owner(csms, firmware):
    """owner.md, config.json: for example SupportedFeatureProfiles, to switch profiles off."""
    firmware.start(ocpp={"SupportedFeatureProfiles": "Core"})
    csms.expect_boot()
    assert get(csms, "SupportedFeatureProfiles")[0] == {"SupportedFeatureProfiles": "Core"}


@pytest.mark.parametrize("profiles", [None, "Core"])
def test_what_is_not_advertised_is_not_supported(csms, firmware, profiles):
    """9.1.29, OCPP-J 4.2.3: SupportedFeatureProfiles is honest in both directions. 5.10, 5.13 and others have answers
    of their own for a charge point without the profile."""
    firmware.start(ocpp={"SupportedFeatureProfiles": profiles} if profiles else {})
    csms.expect_boot()
    advertised = get(csms, "SupportedFeatureProfiles")[0]["SupportedFeatureProfiles"].split(",")
    assert "Core" in advertised
    for profile, action, payload in MESSAGES:
        try:
            answer = csms.call(action, payload)
        except CallError as error:
            assert profile not in advertised and action not in SWITCHED_OFF, f"{action}: {error}"
            assert error.code == "NotSupported", f"{action}: {error}"
        else:
            assert profile in advertised or answer == SWITCHED_OFF[action], f"{action}: {answer}"


def test_heartbeat_interval_takes_effect_at_once(csms, station):
    """5.3: Accepted means effective immediately; 9.1.10."""
    station()
    csms.expect_none("Heartbeat", during=0.5)
    assert change(csms, "HeartbeatInterval", "1") == "Accepted"
    for _ in range(2):
        csms.expect("Heartbeat")
    assert change(csms, "HeartbeatInterval", "600") == "Accepted"
    csms.expect_none("Heartbeat", during=1.5)


def test_meter_value_sample_interval_takes_effect_in_a_transaction(csms, station):
    """5.3, 9.1.19: 0 is off; a running transaction takes the new interval at once, and 0 again."""
    charging(csms, station(MeterValueSampleInterval="0"))
    csms.expect_none("MeterValues", during=1.5)
    assert change(csms, "MeterValueSampleInterval", "1") == "Accepted"
    first = csms.expect("MeterValues")
    assert csms.expect("MeterValues").at - first.at > 0.5
    assert change(csms, "MeterValueSampleInterval", "0") == "Accepted"
    csms.expect_none("MeterValues", during=1.5)


def test_the_sampled_measurands_take_effect_in_a_transaction(csms, station):
    """9.1.17: the next sample holds what the key names, plausibly."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"), max_current=16)
    wanted = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage"
    assert change(csms, "MeterValuesSampledData", wanted) == "Accepted"
    seen = {}
    value = csms.expect("MeterValues", lambda m: len(m["meterValue"][0]["sampledValue"]) > 2)
    for sample in value["meterValue"][0]["sampledValue"]:
        measurand = sample.get("measurand", "Energy.Active.Import.Register")
        seen.setdefault(measurand, []).append(float(sample["value"]))
    assert set(seen) == set(wanted.split(","))
    assert sum(seen["Power.Active.Import"]) == pytest.approx(3 * 230 * 16, rel=0.05)
    assert seen["Current.Import"] == [16, 16, 16]
    assert all(volts == pytest.approx(230, rel=0.05) for volts in seen["Voltage"])
    assert firmware.connector()["power_w"] == pytest.approx(3 * 230 * 16, rel=0.05)
