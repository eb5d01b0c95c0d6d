"""The worked examples of the specification: 3.13.1 - 3.13.7, and the situations of 5.16."""

from central_system import TIME, stamp
from charging_profiles import clear, composite, for_transaction, install, limit, limits, maximum
from charging_profiles import play, profile, put, until

HOUR = 3600

# 3.13.7, as it stands there but for the seconds that RFC 3339 asks for.
EXAMPLE = {
    "chargingProfileId": 100,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Recurring",
    "recurrencyKind": "Daily",
    "chargingSchedule": {
        "duration": 86400,
        "startSchedule": "2013-01-01T00:00:00Z",
        "chargingRateUnit": "W",
        "chargingSchedulePeriod": [
            {"startPeriod": 0, "limit": 11000, "numberPhases": 3},
            {"startPeriod": 28800, "limit": 6000, "numberPhases": 3},
            {"startPeriod": 72000, "limit": 11000, "numberPhases": 3},
        ],
    },
}


def test_3_13_7_a_daily_default_profile():
    """6 kW between 08:00 and 20:00."""

    async def story(site):
        await install(site, 0, EXAMPLE)
        expected = [(0, 11000), (8 * HOUR, 6000), (20 * HOUR, 11000), (32 * HOUR, 6000), (44 * HOUR, 11000)]
        assert await composite(site, 1, 48 * HOUR, "W") == expected
        assert await composite(site, 0, 24 * HOUR) == [(0, 15.9), (8 * HOUR, 8.6), (20 * HOUR, 15.9)]
        await site.charge()
        for hour, power in ((8, 11000), (20, 6000), (32, 11000)):
            await until(site, hour * HOUR - 1)
            assert limit(site) == power // 69 / 10
        await until(site, 32 * HOUR)
        assert limit(site) == 8.6

    play(story)


def test_3_13_2_a_week_with_exceptions():
    """Full power on weekdays from 23:00 to 06:00 and at weekends, less at other times; on top of that a holiday."""

    async def story(site):
        weekday = [(6 * HOUR, 10), (23 * HOUR, 32)]
        periods = [(0, 32)]
        for day in range(5):
            periods += [(day * 24 * HOUR + start, rate) for start, rate in weekday]
        # From Monday 2026-03-02 on; the test begins on Sunday.
        await install(site, 0, profile(*periods, kind="Recurring", recurrencyKind="Weekly", duration=7 * 24 * HOUR,
                                       start="2026-02-23T00:00:00Z"))
        wednesday = 3 * 24 * HOUR
        await install(site, 0, profile(25, id=2, level=1, start=wednesday, duration=24 * HOUR))
        monday = 24 * HOUR
        expected = [(0, 32), (monday + 6 * HOUR, 10), (monday + 23 * HOUR, 32), (monday + 30 * HOUR, 10),
                    (monday + 47 * HOUR, 32), (wednesday, 25), (wednesday + 24 * HOUR, 32)]
        assert await composite(site, 1, 4 * 24 * HOUR + 6 * HOUR) == expected

    play(story)


def test_3_13_2_replaced_by_one_that_is_valid_later():
    """The installed one is gone at once, and there is no limit until validFrom."""

    async def story(site):
        await site.charge()
        await install(site, 1, profile(10))
        await install(site, 1, profile(12, id=2, validFrom=60))
        assert limit(site) == 32
        await until(site, 60)
        assert limit(site) == 12

    play(story)


def test_3_13_3_the_lowest_of_the_merged_schedules():
    async def story(site):
        await site.charge()
        now = TIME.ms // 1000
        await install(site, 0, maximum(20, (100, 12), (300, 25), start=now))
        await install(site, 1, profile(16, (200, 24), start=now))
        assert await composite(site, duration=400) == [(0, 16), (100, 12), (300, 24)]

    play(story)


def test_3_13_6_offline():
    """What is there goes on: a TxProfile for its transaction, the others for the next."""

    async def story(site):
        await site.change(AllowOfflineTxForUnknownId="true")
        await install(site, 0, maximum(25), profile(20, id=2))
        await site.charge()
        await install(site, 1, for_transaction(16, (60, 12), start=0, transactionId=101))
        site.central.lose()
        await until(site, 61)
        assert limit(site) == 12
        await site.card("A", 1)
        await site.run(2000)
        assert limit(site) == 25
        site.board.plug(1, False)
        await site.run(2000)
        await site.charge("B")
        assert limit(site) == 20

    play(story)


def test_5_16_1_a_profile_at_the_start_of_a_transaction():
    """In answer to StartTransaction.req, with its transactionId; for no other."""

    async def story(site):
        assert await put(site, 1, for_transaction(16)) == "Rejected"
        await site.charge()
        for identity in (100, 102, -1):
            assert await put(site, 1, for_transaction(16, transactionId=identity)) == "Rejected"
        assert limit(site) == 32
        await install(site, 1, for_transaction(16, transactionId=101))
        assert limit(site) == 16

    play(story)


def test_5_16_1_a_transaction_whose_id_has_not_come():
    async def story(site):
        site.central.answers["StartTransaction"] = None
        await site.charge()
        assert await put(site, 1, for_transaction(16, transactionId=101)) == "Rejected"
        assert await put(site, 1, for_transaction(16)) == "Accepted"
        assert limit(site) == 16

    play(story)


def test_5_16_3_a_profile_during_a_transaction():
    """One of the same id or the same stackLevel is replaced, one of another added; all end with the transaction."""

    async def story(site):
        await site.charge()
        await install(site, 0, profile(20, id=50))
        await install(site, 1, for_transaction(10, id=1), for_transaction(12, id=2, level=1, validTo=60))
        await install(site, 1, for_transaction(13, id=1, level=0))
        assert limit(site) == 12
        await install(site, 1, for_transaction(14, id=3, level=1))
        assert limit(site) == 14 and await clear(site, id=2) == "Unknown"
        await install(site, 1, for_transaction(15, id=3, level=2))
        assert await clear(site, stackLevel=1) == "Unknown"
        await site.card("A", 1)
        await site.run(2000)
        assert await clear(site, chargingProfilePurpose="TxProfile") == "Unknown"
        await site.card("A", 1)
        await site.run(4000)
        assert site.core.connectors[0].transaction and limit(site) == 20

    play(story)


def test_5_16_4_a_profile_outside_of_a_transaction():
    """A default for the transactions to come; refreshed with a start in the past it leaves no gap."""

    async def story(site):
        await install(site, 1, profile(16, start=0))
        assert limits(site) == [32, 32]
        await site.charge()
        assert limits(site) == [16, 32]
        for rate in (10, 11):
            await install(site, 1, profile(rate, start=-60))
            assert limit(site) == rate
        await install(site, 1, profile(12, start=TIME.ms // 1000 + 60))
        assert limit(site) == 32, "a start in the future leaves one"

    play(story, connectors=2)


def test_5_16_4_periods_and_duration():
    """Periods beyond the duration are not executed; the last one lasts until it is over."""

    async def story(site):
        await install(site, 0, maximum(10, (60, 12), (120, 14), start=0, duration=100))
        assert await composite(site, 0, 200) == [(0, 10), (60, 12), (100, 32)]
        await install(site, 0, maximum(10, (60, 12), start=0, duration=150))
        assert await composite(site, 0, 200) == [(0, 10), (60, 12), (150, 32)]
        assert stamp(0) == "2026-03-01T00:00:00Z"

    play(story)


def test_7_9_a_relative_schedule_starts_with_the_transaction():
    """And so does an absolute one without startSchedule (7.13); both go on after a restart."""

    async def story(site):
        await install(site, 1, profile(10, (60, 12), (300, 14), kind="Relative", start=-5000))
        await install(site, 2, profile(11, (60, 13), (300, 15)))
        await until(site, 100)
        for number in (1, 2):
            await site.charge("AB"[number - 1], number)
        begun = 100
        await until(site, begun + 59)
        assert limits(site) == [10, 11]
        await until(site, begun + 70)
        assert limits(site) == [12, 13]
        site.stop()
        site.start_over()
        for number in (1, 2):
            site.board.ev(number, "C")
        await site.start()
        await site.wait(1)
        assert limits(site) == [12, 13]
        await until(site, begun + 295)
        assert limits(site) == [12, 13]
        await until(site, begun + 310)
        assert limits(site) == [14, 15]

    play(story, connectors=2)
