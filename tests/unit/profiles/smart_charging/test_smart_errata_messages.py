"""What the errata say of the messages about charging profiles and of keeping these, a test for each row of
reference/ocpp16.md, section 2 (17 - 19, 25 - 27, 29)."""

from central_system import TIME
from charging_profiles import clear, composite, for_transaction, install, limit, maximum, play, profile, put, until

DAY = 86400


def test_row_17_a_wrong_enumeration_is_a_PropertyConstraintViolation():
    """E 3.24, 3.38."""

    async def story(site):
        wrong = await site.central.ask("GetCompositeSchedule", connectorId=0, duration=60, chargingRateUnit="VA")
        assert wrong == "PropertyConstraintViolation"
        for fields in ({"unit": "kW"}, {"kind": "Daily"}, {"purpose": "MaxProfile"}, {"recurrencyKind": "Monthly"}):
            assert await put(site, 0, profile(16, **fields)) == "PropertyConstraintViolation", fields
        assert await clear(site) == "Unknown"

    async def clear(site):
        return (await site.central.ask("ClearChargingProfile"))["status"]

    play(story)


def test_row_18_ClearChargingProfile():
    """E 3.25, 3.26: an id alone counts, else all that is given, and nothing is everything."""

    async def story(site):
        async def ids(**fields):
            """Of what is there after `fields` have cleared theirs."""
            await site.central.ask("ClearChargingProfile")
            await install(site, 0, maximum(32, id=1), maximum(32, id=2, level=1), profile(32, id=3))
            await install(site, 1, profile(32, id=4), profile(32, id=5, level=1))
            await install(site, 2, profile(32, id=6, level=1))
            assert await clear(site, **fields) == "Accepted"
            left = []
            for number in range(1, 7):
                if await clear(site, id=number) == "Accepted":
                    left.append(number)
            return left

        assert await ids() == []
        assert await ids(id=5) == [1, 2, 3, 4, 6]
        assert await ids(id=5, connectorId=0, chargingProfilePurpose="TxProfile", stackLevel=9) == [1, 2, 3, 4, 6]
        assert await ids(connectorId=0) == [4, 5, 6]
        assert await ids(stackLevel=1) == [1, 3, 4]
        assert await ids(chargingProfilePurpose="TxDefaultProfile") == [1, 2]
        assert await ids(connectorId=1, stackLevel=1) == [1, 2, 3, 4, 6]
        for unknown in ({"id": 7}, {"connectorId": 9}, {"chargingProfilePurpose": "TxProfile"}, {"stackLevel": 3}, {}):
            assert await clear(site, **unknown) == "Unknown", unknown

    play(story, connectors=2)


def test_row_19_a_composite_schedule_is_from_its_receipt_on():
    """E 3.28, 3.29, 3.57: from time X to X + duration, relative to scheduleStart, without a startSchedule."""

    async def story(site):
        await install(site, 0, maximum(16, (600, 10), start=0, duration=900))
        await until(site, 300)
        answer = await site.central.ask("GetCompositeSchedule", connectorId=0, duration=1000)
        assert answer == {
            "status": "Accepted",
            "connectorId": 0,
            "scheduleStart": "2026-03-01T00:05:00Z",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "duration": 1000,
                "chargingSchedulePeriod": [
                    {"startPeriod": 0, "limit": 16},
                    {"startPeriod": 300, "limit": 10},
                    {"startPeriod": 600, "limit": 32},
                ],
            },
        }

    play(story)


def test_row_25_charging_profiles_are_kept_over_restarts():
    """E 3.37: each purpose, with all that is said in it."""

    async def story(site):
        await site.charge()
        await install(site, 0, maximum(24, (3000, 20), start=-500, level=20))
        daily = {"kind": "Recurring", "recurrencyKind": "Daily", "start": -100, "duration": 7200}
        await install(site, 0, profile(22, (1000, 9), id=2, **daily))
        await install(site, 1, for_transaction((0, 8280, 2), (500, 6900), id=3, kind="Relative", unit="W",
                                               validTo=2000, transactionId=101))
        before = await composite(site, 1, DAY)
        assert [rate for _, rate in before] == [12, 10, 9, 20]
        now = TIME.ms // 1000
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        await site.wait(1)
        passed = TIME.ms // 1000 - now
        after = await composite(site, 1, DAY - passed)
        assert [(max(0, start - passed), rate) for start, rate in before] == after
        assert limit(site) == 12

    play(story)


def test_row_26_a_connector_that_is_not_there():
    """E 3.39."""

    async def story(site):
        for number in (-1, 3):
            assert await put(site, number, profile(16)) == "PropertyConstraintViolation"

    play(story, connectors=2)


def test_row_26_without_smart_charging():
    """E 3.39: NotSupported, and nothing is limited; a profile in RemoteStartTransaction is ignored (5.11)."""

    async def story(site):
        await install(site, 0, maximum(10))
        site.stop()
        site.first = {"SupportedFeatureProfiles": "Core"}
        site.start_over()
        await site.start()
        assert await put(site, 0, profile(16)) == "NotSupported"
        assert await site.central.ask("ClearChargingProfile") == "NotSupported"
        assert await site.central.ask("GetCompositeSchedule", connectorId=0, duration=60) == "NotSupported"
        asked = {"idTag": "A", "connectorId": 1, "chargingProfile": for_transaction(6)}
        assert await site.central.ask("RemoteStartTransaction", **asked) == {"status": "Accepted"}
        site.board.ev(1, "C")
        await site.run(4000)
        assert site.core.connectors[0].status == "Charging" and limit(site) == 32

    play(story)


def test_row_27_a_profile_in_RemoteStartTransaction():
    """E 3.41, 3.42: of the new transaction, whatever its id; one of the same stackLevel takes its place, one of another
    stands beside it."""

    async def story(site):
        asked = {"idTag": "A", "connectorId": 1, "chargingProfile": for_transaction(10, id=7, level=2)}
        assert await site.central.ask("RemoteStartTransaction", **asked) == {"status": "Accepted"}
        site.board.ev(1, "C")
        await site.run(4000)
        assert limit(site) == 10 and site.central.of("StartTransaction")
        await install(site, 1, for_transaction(12, id=8, level=2, transactionId=101))
        assert limit(site) == 12 and await clear(site, id=7) == "Unknown"
        await install(site, 1, for_transaction(14, id=9, level=3, validTo=100, transactionId=101))
        assert limit(site) == 14
        await until(site, 101)
        assert limit(site) == 12

    play(story)


def test_row_29_the_first_period_starts_at_0():
    """E 3.45, 3.70; and each further one after the one before."""

    async def story(site):
        for periods in (((1, 16),), ((60, 16), (0, 10)), ((0, 16), (0, 10)), ((0, 16), (60, 10), (30, 12)), ((-1, 9),)):
            assert await put(site, 0, maximum(*periods)) == "Rejected", periods
        assert await clear(site) == "Unknown"

    play(story)
