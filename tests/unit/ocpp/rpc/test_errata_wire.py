"""What the errata say about messages on the wire, each test named after its row (J x.y, E 3.x)."""

from central_system import now
from charging import play, until
from helpers import raises

from ocpp.errors import OcppError
from ocpp.schema import Schema


def check(action, response, payload):
    """The code of what is wrong with `payload`, or None."""
    try:
        Schema("schemas/ocpp16.tbl").check(action, response, payload)
    except OcppError as error:
        return error.code


def test_E_3_10_the_central_systems_time_with_fractions_and_offset():
    """currentTime -> what the charge point's clock shows then."""
    for text, shown in (
        ("2026-07-01T12:00:00.2+02:00", "2026-07-01T10:00:00Z"),
        ("2026-07-01T12:00:00-09:30", "2026-07-01T21:30:00Z"),
        ("2027-01-01T00:30:00.25+01:00", "2026-12-31T23:30:00Z"),
        ("2026-07-01T12:00:00.123456789Z", "2026-07-01T12:00:00Z"),
    ):

        async def story(site, text=text, shown=shown):
            site.central.answers["BootNotification"] = {"status": "Accepted", "currentTime": text, "interval": 60}
            await site.restart()
            assert site.engine.clock.stamp() == shown, text
            site.board.fault(1, "GroundFailure")
            await site.run(1000)
            assert site.central.of("StatusNotification")[-1]["timestamp"] == shown

        play(story)


def test_E_3_39_without_smart_charging_it_is_not_supported():
    """A CALLERROR; so are the messages of the other profiles that are not there."""

    async def story(site):
        schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}]}
        profile = {"chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
                   "chargingProfileKind": "Relative", "chargingSchedule": schedule}
        ask = site.central.ask
        assert await ask("SetChargingProfile", connectorId=1, csChargingProfiles=profile) == "NotSupported"
        assert await ask("ClearChargingProfile") == "NotSupported"
        assert await ask("GetCompositeSchedule", connectorId=0, duration=60) == "NotSupported"
        assert await ask("GetLocalListVersion") == "NotSupported"
        assert await ask("CancelReservation", reservationId=1) == "NotSupported"
        assert await ask("TriggerMessage", requestedMessage="Heartbeat") == "NotSupported"

    play(story, keys={"SupportedFeatureProfiles": "Core"})


def test_E_3_58_to_3_62_lengths_are_the_most_and_names_have_no_case():
    """CiString20, 50, 255 and 500: what is shorter will do, one more character is a PropertyConstraintViolation."""

    async def story(site):
        async def answers(action, name, most, **more):
            one = await site.central.ask(action, **dict(more, **{name: "x" * most}))
            other = await site.central.ask(action, **dict(more, **{name: "x" * (most + 1)}))
            assert other == "PropertyConstraintViolation", name
            return one["status"]

        assert await answers("RemoteStartTransaction", "idTag", 20) == "Accepted"
        assert await answers("ChangeConfiguration", "key", 50, value="") == "NotSupported"
        assert await answers("ChangeConfiguration", "value", 500, key="ResetRetries") == "Rejected"
        assert await answers("DataTransfer", "vendorId", 255) == "UnknownVendorId"
        assert await answers("DataTransfer", "messageId", 50, vendorId="x") == "UnknownVendorId"
        await site.change(RESETretries="5")
        (element,) = (await site.central.ask("GetConfiguration", key=["resetRETRIES"]))["configurationKey"]
        assert (element["key"], element["value"]) == ("ResetRetries", "5")

    play(story)


def test_J_2_3_an_entry_of_the_local_list_has_expiry_and_parent():
    info = {"status": "Accepted", "expiryDate": "2030-01-01T00:00:00Z", "parentIdTag": "P"}
    listed = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [{"idTag": "A", "idTagInfo": info}]}
    assert check("SendLocalList", False, listed) is None
    info["groupIdTag"] = "P"
    assert check("SendLocalList", False, listed) == "FormationViolation"


def test_J_2_4_2_5_intervals_and_retries_are_integers():
    answer = {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 1}
    update = {"location": "http://x/y", "retrieveDate": "2026-01-01T00:00:00Z", "retries": 1, "retryInterval": 1}
    assert check("BootNotification", True, answer) is check("UpdateFirmware", False, update) is None
    for payload, name in ((answer, "interval"), (update, "retries"), (update, "retryInterval")):
        payload[name] = 1.5
        action = "BootNotification" if payload is answer else "UpdateFirmware"
        assert check(action, payload is answer, payload) == "TypeConstraintViolation", name
        payload[name] = 1


def test_J_2_6_the_reason_of_a_stop_is_optional():
    payload = {"transactionId": 1, "meterStop": 1, "timestamp": "2026-01-01T00:00:00Z"}
    assert check("StopTransaction", False, payload) is None


def test_J_2_1_both_spellings_of_the_unit_are_known():
    value = {"value": "20", "measurand": "Temperature", "unit": "Celcius"}
    payload = {"connectorId": 1, "meterValue": [{"timestamp": "2026-01-01T00:00:00Z", "sampledValue": [value]}]}
    assert check("MeterValues", False, payload) is None


def test_J_3_1_a_messageId_is_never_used_for_another_message():
    """J 3.7: over all connections and starts; at most 36 characters (4.1.4)."""

    async def story(site):
        for _ in range(3):
            await site.charge()
            await site.wait(21)
            site.central.lose()
            site.central.back()
            await site.card("A", 1)
            await site.run(2000)
            await site.restart()
        ids = site.central.ids
        assert len(ids) > 30 and len(set(ids)) == len(ids)
        assert all([0 < len(identity) <= 36 for identity in ids])

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_J_3_1_a_retry_may_have_the_same_messageId():
    """So the central system can tell that it is the same."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.lose()
        await site.charge()
        site.central.answers.update(site.central.usual())
        site.central.back()
        await until(lambda: site.engine.outbox.queued == 0)
        ids = [one for one, (action, _) in zip(site.central.ids, site.central.got) if action == "StartTransaction"]
        assert len(ids) == 2 and ids[0] == ids[1]

    play(story)


def test_J_3_2_no_extra_fields_inside_objects():
    """A CALL with them is refused, and nothing of the kind leaves. In an answer they are ignored (J 3.3)."""

    async def story(site):
        info = {"status": "Accepted", "colour": "blue"}
        site.central.answers["Authorize"] = {"idTagInfo": info}
        await site.card("A", 1)
        assert site.core.connectors[0].authorization
        assert await site.central.ask("GetConfiguration", more=[]) == "FormationViolation"
        payload = {"connectorId": 1, "meterValue": [{"timestamp": now(), "sampledValue": [{"value": "1", "x": 1}]}]}
        error = raises(OcppError, site.engine.schema.check, "MeterValues", False, payload)
        assert error.code == "FormationViolation"

    play(story)


def test_J_3_11_pings_are_more_frequent_than_attempts_are_used_up():
    """The defaults obey it; it is a recommendation for the operator, so nothing is refused."""

    async def story(site):
        names = ["WebSocketPingInterval", "TransactionMessageAttempts", "TransactionMessageRetryInterval"]
        shown = (await site.central.ask("GetConfiguration", key=names))["configurationKey"]
        values = {element["key"]: int(element["value"]) for element in shown}
        ping, attempts, interval = [values[name] for name in names]
        assert 0 < ping < attempts * interval
        await site.change(WebSocketPingInterval=str(attempts * interval + 1))
        answer = await site.central.ask("ChangeConfiguration", key="WebSocketPingInterval", value="-1")
        assert answer == {"status": "Rejected"}

    play(story)


def test_J_5_1_5_2_the_misspelt_codes_stay():
    async def story(site):
        ask = site.central.ask
        shown = await ask("GetConfiguration", key=["GetConfigurationMaxKeys"])
        most = int(shown["configurationKey"][0]["value"])
        assert await ask("GetConfiguration", key=["x%d" % n for n in range(most + 1)]) == "OccurenceConstraintViolation"
        site.central.rpc.receive(bytearray(b'[2,"odd","Reset"]'))
        await until(lambda: site.central._replies.get("odd") == "FormationViolation")

    play(story)
