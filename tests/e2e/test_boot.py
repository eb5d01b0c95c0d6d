"""Registration with the central system, heartbeat and clock (1.6 4.2, 4.6, OCPP-J 5.3)."""

from datetime import timedelta, timezone

import pytest
from answers import SILENCE, Delayed, utc
from scenarios import charging, seconds_since


def refusal(status, interval):
    return {"status": status, "currentTime": "2026-01-01T00:00:00Z", "interval": interval}


def test_boot_notification_says_who_it_is(csms, firmware):
    """6.3: vendor and model; the optional fields as far as config.json has them (owner.md, config.json)."""
    serials = {"serial_number": "SN-1", "box_serial_number": "BOX-2", "firmware_version": "9.8.7"}
    firmware.start(charge_point={"vendor": "ACME", "model": "Wall 22", **serials})
    assert csms.expect("BootNotification") == {
        "chargePointVendor": "ACME",
        "chargePointModel": "Wall 22",
        "chargePointSerialNumber": "SN-1",
        "chargeBoxSerialNumber": "BOX-2",
        "firmwareVersion": "9.8.7",
    }


def test_boot_notification_leaves_out_what_is_empty(csms, firmware):
    """owner.md, config.json: "" means leave out; the firmware's version is then the build's."""
    firmware.start()
    boot = csms.expect("BootNotification")
    assert boot == {
        "chargePointVendor": "upoint",
        "chargePointModel": "e2e",
        "firmwareVersion": firmware.status()["firmware"],
    }


def test_status_shows_the_registration(csms, firmware):
    """owner.md: registration is null, then what BootNotification.conf says."""
    csms.on("BootNotification", SILENCE)
    csms.strict.message_timeout = 30
    firmware.start()
    csms.expect("BootNotification")
    assert firmware.status()["csms"]["registration"] is None
    csms.default("BootNotification")
    csms.drop()
    csms.expect_boot()
    assert firmware.status()["csms"] == {"connected": True, "registration": "Accepted", "queued": 0}


def test_accepted_sets_the_heartbeat_interval(csms, station):
    """4.2: the interval of BootNotification.conf is the heartbeat's, and the key tells it."""
    csms.interval = 1
    station(HeartbeatInterval="3600")
    beats = [csms.expect("Heartbeat", timeout=3) for _ in range(3)]
    assert all(beat == {} for beat in beats)
    for earlier, later in zip(beats, beats[1:], strict=False):
        assert later.at - earlier.at > 0.5
    (key,) = csms.call("GetConfiguration", {"key": ["HeartbeatInterval"]})["configurationKey"]
    assert key["value"] == "1"


def test_a_heartbeat_interval_of_zero_is_no_flood(csms, station):
    """4.2 does not define 0 with Accepted; whatever it is taken for, the central system is not flooded."""
    csms.interval = 0
    station()
    csms.expect_none("Heartbeat", during=2)
    assert csms.call("GetConfiguration", {"key": ["HeartbeatInterval"]})


def test_pending(csms, firmware):
    """4.2: answers, sends nothing (the harness watches), may not be remotely started, asks again after
    interval."""
    csms.once("BootNotification", refusal("Pending", 2))
    firmware.start()
    first = csms.expect("BootNotification")
    firmware.wait("Pending", lambda: firmware.status()["csms"]["registration"] == "Pending")
    firmware.plug()
    firmware.ev("C")
    assert (
        csms.call("GetConfiguration", {"key": ["NumberOfConnectors"]})["configurationKey"][0]["value"] == "1"
    )
    change = {"key": "MeterValueSampleInterval", "value": "7"}
    assert csms.call("ChangeConfiguration", change) == {"status": "Accepted"}
    start = {"idTag": "REMOTE", "connectorId": 1}
    assert csms.call("RemoteStartTransaction", start) == {"status": "Rejected"}
    assert csms.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Rejected"}
    second = csms.expect("BootNotification")
    assert second == first and second.at - first.at > 1.5
    csms.wait("status", lambda: csms.statuses(1) == ["Preparing"])
    assert csms.connections == 1
    assert not csms.received("StartTransaction")


def test_rejected(csms, firmware):
    """4.2: neither sends nor answers anything (the harness watches) until the interval is over, then asks
    again."""
    csms.once("BootNotification", refusal("Rejected", 2))
    firmware.start()
    first = csms.expect("BootNotification")
    firmware.wait("Rejected", lambda: firmware.status()["csms"]["registration"] == "Rejected")
    if csms.connected:  # 4.2: it may close the connection
        csms.send('[2,"ask","GetConfiguration",{}]', "ask", "GetConfiguration")
    firmware.plug()
    second = csms.expect("BootNotification")
    assert second.at - first.at > 1.5
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    assert csms.call("GetConfiguration", {"key": ["NumberOfConnectors"]})


def test_no_charging_before_the_first_acceptance(csms, firmware):
    """4.2.1: a charge point that has never been accepted had better deny charging."""
    csms.on("BootNotification", refusal("Pending", 3600))
    firmware.start()
    csms.expect("BootNotification")
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1")
    csms.expect_none(during=0.5)
    state = firmware.connector()
    assert not state["contactor"] and state["idTag"] is None


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_a_retry_interval_of_zero_is_no_flood(csms, firmware, status):
    """4.2: with 0 the charge point chooses an interval that avoids flooding."""
    csms.on("BootNotification", refusal(status, 0))
    firmware.start()
    csms.expect("BootNotification")
    csms.expect_none("BootNotification", during=2)


def test_a_boot_that_fails_is_tried_again(csms, firmware):
    """4.2: until BootNotification has been answered nothing else may be sent, so it has to be sent again."""
    csms.strict.message_timeout = 1
    csms.once("BootNotification", SILENCE, SILENCE)
    firmware.start(ocpp={"MessageTimeout": "1"})
    csms.expect("BootNotification")
    csms.expect("BootNotification")
    csms.expect_boot()


@pytest.mark.parametrize("seconds", [1.4, 1.9, 2.6, 4.5])
def test_a_boot_that_is_answered_late(csms, firmware, seconds):
    """4.2: a slow central system is no reason never to be registered: whenever its answer comes, it counts. None of the
    delays ends at the moment of a try, which could cross the answer."""
    csms.strict.message_timeout = 1
    good = {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 300}
    csms.on("BootNotification", Delayed(seconds, good))
    firmware.start(ocpp={"MessageTimeout": "1"})
    csms.expect_boot()
    assert len({call.id for call in csms.received("BootNotification")}) == 1, "all tries have one messageId (J 3.1)"
    assert firmware.status()["csms"]["registration"] == "Accepted"


def test_a_boot_without_a_status_is_tried_again_after_its_interval(csms, firmware):
    """4.2; it is no registration."""
    csms.once("BootNotification", {"interval": 1}, {"status": None, "interval": 1.0, "currentTime": None})
    firmware.start()
    boots = [csms.expect("BootNotification") for _ in range(3)]
    csms.wait("registration", lambda: firmware.status()["csms"]["registration"] == "Accepted")
    for earlier, later in zip(boots, boots[1:], strict=False):
        assert later.at - earlier.at > 0.7


def test_a_restart_is_a_new_boot(csms, station):
    """4.2, E 3.11: BootNotification after each start, and the status of all connectors."""
    firmware = station()
    firmware.restart()
    csms.expect_boot()
    assert csms.statuses(1) == ["Available", "Available"]


def zoned(hours, minutes=0):
    zone = timezone(timedelta(hours=hours, minutes=minutes))
    return lambda moment: moment.astimezone(zone).isoformat()


@pytest.mark.parametrize(
    "ahead, time_format",
    [
        (timedelta(days=3 * 365 + 100), utc),
        (timedelta(days=-700), lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
        (timedelta(hours=5), zoned(2)),
        (timedelta(hours=-5), zoned(-3, -30)),
        (timedelta(days=1), lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%f000+00:00")),
        (timedelta(days=2), lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S")),
        (timedelta(days=3), lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S.%f")),
        (timedelta(days=4), lambda moment: zoned(5)(moment)[:-3]),
        (timedelta(days=5), lambda moment: utc(moment).lower()),
    ],
    ids=["years ahead", "years ago", "+02:00", "-03:30", "nanoseconds", "no zone", "a space", "+05", "lower case"],
)
def test_the_clock_is_the_central_systems(csms, station, ahead, time_format):
    """4.2: the clock is set from currentTime; E 3.10: with fractions and zone offsets. What is sent is in
    UTC."""
    csms.ahead, csms.time_format = ahead, time_format
    firmware = station()
    charging(csms, firmware)
    start = csms.received("StartTransaction")[0]
    assert -2 < seconds_since(start["timestamp"], csms) < 3
    assert start["timestamp"].endswith("Z")


def test_heartbeat_sets_the_clock_again(csms, station):
    """4.6: Heartbeat.conf carries the time, too."""
    csms.interval = 1
    firmware = station()
    csms.ahead = timedelta(days=1000)
    seen = len(csms.received("Heartbeat"))
    csms.wait("two heartbeats", lambda: len(csms.received("Heartbeat")) >= seen + 2)
    charging(csms, firmware)
    assert -2 < seconds_since(csms.received("StartTransaction")[0]["timestamp"], csms) < 3


def test_a_time_that_is_no_time_is_not_taken(csms, station):
    """The clock stays where it was when Heartbeat.conf breaks its schema, and the session goes on."""
    csms.interval = 1
    firmware = station()
    csms.once(
        "Heartbeat",
        {"currentTime": "yesterday"},
        {"currentTime": 5},
        {},
        {"currentTime": "2026-02-30T00:00:00Z"},
    )
    for _ in range(5):
        csms.expect("Heartbeat")
    charging(csms, firmware)
    assert -2 < seconds_since(csms.received("StartTransaction")[0]["timestamp"], csms) < 3
