"""Charging profiles end to end (1.6 3.13, 5.16): limits reach the pilot, and pauses do not end a transaction."""

import time

from limits import patient
from stories import charging


def profile(limit, purpose="TxDefaultProfile", kind="Relative", level=0, **fields):
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    return {
        "chargingProfileId": 20,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": {**schedule, **fields},
    }


def put(csms, asked, connector=1):
    answer = csms.call("SetChargingProfile", {"connectorId": connector, "csChargingProfiles": asked})
    assert answer == {"status": "Accepted"}


def test_a_limit_reaches_the_pilot_within_a_second(csms, station):
    firmware = charging(csms, station())
    begun = time.monotonic()
    put(csms, profile(10))
    firmware.wait_for("10 A", lambda state: state["limit_a"] == 10)
    assert time.monotonic() - begun < patient(1), "a second on a quiet machine"
    firmware.wait_for("a current of 10 A", lambda state: state["current_a"] == [10.0] * 3)


def test_evcc_pauses_and_goes_on(csms, station):
    """TxDefaultProfile at ChargeProfileMaxStackLevel, id MaxChargingProfilesInstalled, 0 A to pause: SuspendedEVSE,
    the transaction goes on, and Current.Offered tells."""
    firmware = charging(csms, station(MeterValueSampleInterval="1", MeterValuesSampledData="Current.Offered"))
    for limit, status in ((0, "SuspendedEVSE"), (16, "Charging")):
        put(csms, profile(limit, kind="Absolute", level=20, startSchedule="2026-01-01T00:00:00Z"))
        csms.expect("StatusNotification", connectorId=1, status=status)

        def offered(values, limit=limit):
            return float(values["meterValue"][0]["sampledValue"][0]["value"]) == limit

        csms.expect("MeterValues", match=offered)
        answer = csms.call("GetCompositeSchedule", {"connectorId": 1, "duration": 60})
        assert answer["chargingSchedule"]["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": limit}]
    assert firmware.connector()["transactionId"] and not csms.received("StopTransaction")


def test_home_assistant_limits_the_charge_point(csms, station):
    """A relative ChargePointMaxProfile at connector 0; later everything is cleared."""
    firmware = station()
    put(csms, profile(13, "ChargePointMaxProfile", level=20), 0)
    charging(csms, firmware)
    assert firmware.connector()["limit_a"] == 13
    assert csms.call("ClearChargingProfile", {}) == {"status": "Accepted"}
    firmware.wait_for("32 A", lambda state: state["limit_a"] == 32)
    assert csms.call("ClearChargingProfile", {}) == {"status": "Unknown"}


def test_a_remote_start_with_a_profile_survives_a_power_cut(csms, station):
    firmware = station(AuthorizeRemoteTxRequests="false")
    request = {"idTag": "R", "connectorId": 1, "chargingProfile": profile(9, "TxProfile")}
    assert csms.call("RemoteStartTransaction", request) == {"status": "Accepted"}
    firmware.ev("C")
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert firmware.connector()["limit_a"] == 9
    firmware.restart()
    firmware.ev("C")
    csms.expect_boot()
    firmware.wait_for("9 A", lambda state: state["limit_a"] == 9 and state["contactor"], timeout=10)
