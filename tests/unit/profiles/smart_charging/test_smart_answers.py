"""Every answer of SetChargingProfile, ClearChargingProfile and GetCompositeSchedule (1.6 5.5, 5.7, 5.16, 7.11, 7.21,
7.26)."""

import json

from key_rows import fixed
from charging_profiles import clear, composite, for_transaction, install, limit, limits, maximum
from charging_profiles import play, profile, put, until


def test_Rejected():
    """Nothing is installed then."""

    async def story(site):
        await site.charge("A", 1)
        for number, asked in (
            (1, maximum(16)),
            (0, for_transaction(16)),
            (2, for_transaction(16)),
            (1, for_transaction(16, transactionId=102)),
            (0, profile(16, level=-1)),
            (0, profile(16, duration=-1)),
            (0, profile(-0.1)),
            (0, profile(16, least=-1)),
            (0, profile((0, 16, 0))),
            (0, profile((0, 16, 4))),
            (0, profile()),
            (0, profile(16, kind="Recurring", start=0)),
        ):
            assert await put(site, number, asked) == "Rejected", asked
        assert await clear(site) == "Unknown" and limits(site) == [32, 32]

    play(story, connectors=2)


def test_NotSupported():
    """9.4.2: a quantity that is not in the list."""
    for allowed, unit, other in (("Current", "A", "W"), ("Power", "W", "A")):

        async def story(site, allowed=allowed, unit=unit, other=other):
            await fixed(site, "ChargingScheduleAllowedChargingRateUnit", allowed, "Current,Power")
            assert await put(site, 0, maximum(6900, unit=other)) == "NotSupported"
            asked = {"idTag": "A", "chargingProfile": for_transaction(6900, unit=other)}
            assert await site.central.ask("RemoteStartTransaction", **asked) == {"status": "Rejected"}
            assert await put(site, 0, maximum(6900, unit=unit)) == "Accepted"
            answer = await site.central.ask("GetCompositeSchedule", connectorId=0, duration=60)
            assert answer["chargingSchedule"]["chargingRateUnit"] == unit

        play(story, keys={"ChargingScheduleAllowedChargingRateUnit": allowed})


def test_clear_Accepted_and_Unknown():
    async def story(site):
        await install(site, 0, maximum(16))
        assert await clear(site, id=2) == "Unknown" and limit(site) == 16
        assert await clear(site, id=1) == "Accepted" and limit(site) == 32
        assert await clear(site, id=1) == "Unknown"

    play(story)


def test_what_has_ended_is_unknown():
    """The profiles that can never be in effect again are not there any more."""

    async def story(site):
        await install(site, 0, maximum(16, start=0, duration=60))
        await install(site, 0, profile(16, id=2, validTo=60), profile(20, id=3, level=1, kind="Relative", duration=30))
        await until(site, 60)
        for number, status in ((1, "Unknown"), (2, "Unknown"), (3, "Accepted")):
            assert await clear(site, id=number) == status, number

    play(story)


def test_composite_Accepted_and_Rejected():
    """Rejected for an unknown connector (5.7), and for no time at all."""

    async def story(site):
        for number, duration in ((-1, 60), (3, 60), (0, 0), (1, -1)):
            answer = await site.central.ask("GetCompositeSchedule", connectorId=number, duration=duration)
            assert answer == {"status": "Rejected"}, (number, duration)
        for number in (0, 1, 2):
            assert await composite(site, number) == [(0, 64 if number == 0 else 32)]

    play(story, connectors=2)


def test_composite_of_a_connector_that_does_not_charge():
    """It is as if a transaction began there now; a share of what is for all is what it would get beside the others."""

    async def story(site):
        await install(site, 0, maximum(20), profile(14, (60, 12), kind="Relative", id=2))
        assert await composite(site, 2) == [(0, 14), (60, 12)]
        assert await composite(site, 0) == [(0, 20)]
        await site.charge("A", 1)
        assert limits(site) == [14, 20], "it draws nothing and is not limited by what is for transactions"
        assert await composite(site, 2) == [(0, 10)]
        assert (await composite(site, 1))[-1] == (56, 12)
        assert await composite(site, 0) == await composite(site, 1)

    play(story, connectors=2)


def test_composite_of_one_phase():
    """numberPhases tells it, for 3 are assumed without (7.14)."""

    async def story(site):
        for number in (0, 1):
            answer = await site.central.ask("GetCompositeSchedule", connectorId=number, duration=60,
                                            chargingRateUnit="W")
            periods = answer["chargingSchedule"]["chargingSchedulePeriod"]
            assert periods == [{"startPeriod": 0, "limit": 7360, "numberPhases": 1}]

    play(story, board={"phases": 1})


def test_composite_no_longer_than_a_week():
    async def story(site):
        answer = await site.central.ask("GetCompositeSchedule", connectorId=0, duration=10**9)
        assert answer["chargingSchedule"]["duration"] == 7 * 86400

    play(story)


def test_composite_with_too_many_periods_ends_earlier():
    """Its duration tells where."""

    async def story(site):
        await install(site, 0, maximum(*[(60 * i, 10 + i % 2) for i in range(24)], kind="Recurring",
                                       recurrencyKind="Daily", start=0))
        for level in range(1, 12):
            periods = [(60 * i, 12 + i % 2) for i in range(24)]
            await install(site, 0, maximum(*periods, id=level + 1, level=level, start=level * 1440, duration=1440))
        answer = await site.central.ask("GetCompositeSchedule", connectorId=0, duration=7 * 86400)
        schedule = answer["chargingSchedule"]
        count = len(schedule["chargingSchedulePeriod"])
        assert 200 <= count <= 240 and schedule["chargingSchedulePeriod"][-1]["startPeriod"] < schedule["duration"]
        assert schedule["duration"] == count * 60

    play(story)


def test_a_message_of_the_greatest_length():
    """A profile with all that it may have, as a CALL; the answer to one with the most periods comes in pieces."""

    async def story(site):
        periods = [(3600 * i, 10000.5 + i, 3) for i in range(24)]
        asked = maximum(*periods, unit="W", level=20, id=2**31 - 1, start=0, duration=10**9, least=1380.5,
                        validFrom="1970-01-01T00:00:00.000+00:00", validTo="9999-12-31T23:59:59.999-12:00")
        assert 1500 < len(json.dumps(asked)) < 3000
        await install(site, 0, asked)
        schedule = await composite(site, 0, 86400, "W")
        assert [rate for _, rate in schedule] == [10000.5 + i for i in range(24)]

    play(story)
