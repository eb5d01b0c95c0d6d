"""Charging profiles end to end (1.6 3.13, 5.16): limits reach the pilot, and pauses do not end a transaction."""

import time

from limits import patient
from scenarios import charging


def profile(limit, purpose="TxDefaultProfile", kind="Relative", level=0, **fields):
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    return {
        "chargingProfileId": 20,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": {**schedule, **fields},
    }


def watts(limit, phases, **fields):
    """A profile whose limit is a total in W, for so many phases."""
    asked = profile(limit, **fields)
    asked["chargingSchedule"]["chargingRateUnit"] = "W"
    asked["chargingSchedule"]["chargingSchedulePeriod"][0]["numberPhases"] = phases
    return asked


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


def switching(csms):
    """What GetConfiguration says of the switching of phases: its value, or None without such a key."""
    answer = csms.call("GetConfiguration", {"key": ["ConnectorSwitch3to1PhaseSupported"]})
    return answer["configurationKey"][0]["value"] if answer.get("configurationKey") else None


def period(csms, unit, connector=1):
    asked = {"connectorId": connector, "duration": 60, "chargingRateUnit": unit}
    return csms.call("GetCompositeSchedule", asked)["chargingSchedule"]["chargingSchedulePeriod"]


def test_with_one_contactor_a_total_is_divided_by_three_phases(csms, firmware, station):
    firmware.config["board"]["pins"] = {"contactor_l2l3": -1}
    firmware = charging(csms, station())
    assert switching(csms) is None
    put(csms, watts(4140, 1))
    firmware.wait_for("6 A on three phases", lambda state: state["current_a"] == [6.0] * 3)
    assert firmware.connector()["power_w"] == 4140
    assert period(csms, "W") == [{"startPeriod": 0, "limit": 4140, "numberPhases": 1}]
    assert period(csms, "A") == [{"startPeriod": 0, "limit": 6}]


def test_with_a_second_contactor_one_phase_is_switched(csms, station):
    """After a minute without an offer; the transaction goes on, and at no moment more flows than it may."""
    firmware = charging(csms, station())
    assert switching(csms) == "true"
    put(csms, watts(4140, 1))
    csms.expect("StatusNotification", connectorId=1, status="SuspendedEVSE")
    firmware.wait_for("no current", lambda state: state["power_w"] == 0)
    seen = set()

    def switched(state):
        seen.add(state["power_w"])
        return state["current_a"] == [18.0, 0.0, 0.0]

    firmware.wait_for("18 A on one phase", switched, timeout=200)
    assert max(seen) <= 4140
    assert period(csms, "W") == [{"startPeriod": 0, "limit": 4140, "numberPhases": 1}]
    assert period(csms, "A") == [{"startPeriod": 0, "limit": 18, "numberPhases": 1}]
    assert not csms.received("StopTransaction")


def test_a_composite_schedule_with_many_periods_arrives(csms, station):
    """It leaves in fragments while it is made; a heartbeat and a short CALL come through beside it."""
    station(connectors=2)
    for level in range(10):
        asked = profile(16, kind="Absolute", level=level, startSchedule="2026-01-01T00:%02d:00Z" % level)
        asked.update(chargingProfileId=level + 1, chargingProfileKind="Recurring", recurrencyKind="Daily")
        periods = [{"startPeriod": 600 * i, "limit": 10.5 + (level + i) % 9, "numberPhases": 3} for i in range(24)]
        asked["chargingSchedule"].update(chargingSchedulePeriod=periods, duration=14400 + level)
        put(csms, asked, 0)
    answer = csms.call("GetCompositeSchedule", {"connectorId": 1, "duration": 604800})
    schedule = answer["chargingSchedule"]
    starts = [one["startPeriod"] for one in schedule["chargingSchedulePeriod"]]
    assert len(starts) > 100 and starts == sorted(starts) and starts[-1] < schedule["duration"]
    assert switching(csms) == "true" and csms.connections == 1
