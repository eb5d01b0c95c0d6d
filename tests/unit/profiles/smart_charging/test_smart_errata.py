"""What the errata say of the limit that charging profiles give, a test for each row of reference/ocpp16.md, section 2
(3, 4, 20, 22, 28, 34, 38, 39, 41)."""

from central_system import TIME
from charging_profiles import clear, composite, for_transaction, install, limit, limits, maximum
from charging_profiles import play, profile, put, until

DAY = 86400


def test_row_3_without_duration_there_is_no_way_down_the_stack():
    """E 3.7."""

    async def story(site):
        await site.charge()
        await install(site, 1, profile(10), profile(20, (60, 25), level=1, id=2, start=0))
        assert await composite(site, duration=7 * DAY) == [(0, 20), (60 - TIME.ms // 1000, 25)]
        await until(site, 4000)
        assert limit(site) == 25

    play(story)


def test_row_4_a_TxDefaultProfile_applies_to_a_transaction_that_runs():
    """E 3.8: a new one, a changed one, and when it is gone the transaction goes on without."""

    async def story(site):
        connector = await site.charge()
        for rate in (16, 12.5):
            await install(site, 0, profile(rate))
            assert limit(site) == rate
        assert await clear(site, id=1) == "Accepted"
        assert limit(site) == 32 and connector.transaction and connector.status == "Charging"

    play(story)


def test_row_20_connector_0_is_all_that_is_drawn_from_the_grid():
    """E 3.30: the sum of what those may draw that charge, in W or A; of all of them while none charges."""

    async def story(site):
        await install(site, 1, profile(16))
        await install(site, 2, profile(4600, unit="W"))
        assert await composite(site, 0) == [(0, 16 + 6.6)]
        assert await composite(site, 0, unit="W") == [(0, 16 * 690 + 4600)]
        await site.charge("A", 1)
        assert await composite(site, 0) == [(0, 16)]
        await site.charge("B", 2)
        assert await composite(site, 0, unit="W") == [(0, 16 * 690 + 4600)]
        await install(site, 0, maximum(20))
        assert await composite(site, 0) == [(0, 20)] and limits(site) == [13.4, 6.6]

    play(story, connectors=2)


def test_row_22_more_phases_than_there_are_do_not_change_the_limit():
    """E 3.34, 3.69: a current is used as it is given, and a power with the phases that there are."""

    async def story(site):
        site.evses[0].phases = 1
        await site.charge()
        await install(site, 1, profile((0, 13, 3)))
        assert limit(site) == 13
        await install(site, 1, profile((0, 3680, 3), unit="W"))
        assert limit(site) == 16
        assert await composite(site, unit="W") == [(0, 3680)]

    play(story, board={"phases": 1})


def test_row_28_after_the_duration_a_lower_level_or_no_limit():
    """E 3.43, 3.44: in each recurrence again; what is longer than the recurrence is not executed."""

    async def story(site):
        await site.charge()
        now = TIME.ms // 1000
        daily = {"kind": "Recurring", "recurrencyKind": "Daily", "start": now}
        await install(site, 1, profile(10, duration=600, level=1, **daily))
        assert await composite(site, duration=2 * DAY) == [(0, 10), (600, 32), (DAY, 10), (DAY + 600, 32)]
        await install(site, 1, profile(20, id=2, duration=900, start=now))
        assert (await composite(site, duration=DAY)) == [(0, 10), (600, 20), (900, 32)]
        longer = profile(10, (DAY - 60, 12), (DAY, 14), (DAY + 60, 16), duration=3 * DAY, level=2, **daily)
        await install(site, 1, longer)
        expected = [(0, 10), (DAY - 60, 12), (DAY, 10), (2 * DAY - 60, 12)]
        assert await composite(site, duration=2 * DAY) == expected

    play(story)


def test_row_34_a_TxDefaultProfile_of_connector_0_is_for_all():
    """E 3.53, 3.13.1: replaced only where another one of the same stackLevel is set; a higher one goes before both
    (3.13.2)."""

    async def story(site):
        for number in (1, 2, 3):
            await site.charge("ABC"[number - 1], number)
        await install(site, 0, profile(16))
        assert limits(site) == [16, 16, 16]
        await install(site, 2, profile(20))
        assert limits(site) == [16, 20, 16]
        await install(site, 0, profile(10, level=5, id=2))
        assert limits(site) == [10, 10, 10]
        await install(site, 2, profile(18, level=6, id=3))
        assert limits(site) == [10, 18, 10]
        await install(site, 2, profile(14, level=5, id=4))
        assert limits(site) == [10, 18, 10]
        assert await clear(site, id=3) == "Accepted"
        assert limits(site) == [10, 14, 10], "the connector breaks a tie"
        assert await clear(site, id=2) == "Accepted"
        assert limits(site) == [16, 14, 16]
        assert await clear(site, connectorId=2) == "Accepted"
        assert limits(site) == [16, 16, 16]

    play(story, connectors=3)


def test_row_38_validFrom_and_validTo_of_a_TxProfile():
    """E 3.65, 3.66."""

    async def story(site):
        await site.charge()
        await install(site, 1, for_transaction(10, validFrom=30, validTo=60))
        await until(site, 29)
        assert limit(site) == 32
        await until(site, 30)
        assert limit(site) == 10
        await until(site, 60)
        assert limit(site) == 32

    play(story)


def test_row_39_watts_and_amperes():
    """E 3.69: W is the total, A is per phase, with 230 V and the phases that carry current."""

    async def story(site):
        await site.charge()
        for periods, current, power in ((11000, 15.9, 11000), ((0, 7360, 2), 10.6, 7360), ((0, 4140, 1), 6, 4140)):
            await install(site, 1, profile(periods, unit="W"))
            assert limit(site) == current
            assert await composite(site) == [(0, current)]
            assert await composite(site, unit="W") == [(0, power)]
        await install(site, 1, profile((0, 13.5)))
        assert await composite(site, unit="W") == [(0, 13.5 * 690)]

    play(story, board={"switches_phases": False})


def test_row_41_recurrence_is_counted_from_startSchedule():
    """E 3.79: at its time of day and day of the week, not at midnight or on Monday; also when that was long ago."""

    async def story(site):
        # The test begins on Sunday 2026-03-01 at 00:00:00.
        for start in ("2013-01-01T08:00:00Z", "1970-01-01T08:00:00Z", "2026-02-28T08:00:00Z"):
            fields = {"kind": "Recurring", "recurrencyKind": "Daily", "start": start, "duration": 3600}
            await install(site, 0, maximum(10, **fields))
            assert await composite(site, 0, DAY) == [(0, 32), (8 * 3600, 10), (9 * 3600, 32)], start
        # These were a Tuesday, a Thursday, and a Wednesday.
        for start, days in (("2013-01-01", 2), ("1970-01-01", 4), ("2026-02-25", 3)):
            fields = {"kind": "Recurring", "recurrencyKind": "Weekly", "start": start + "T08:00:00Z", "duration": 3600}
            await install(site, 0, maximum(10, **fields))
            begins = days * DAY + 8 * 3600
            assert await composite(site, 0, 7 * DAY) == [(0, 32), (begins, 10), (begins + 3600, 32)], start

    play(story)


def test_recurrencyKind_counts_only_for_what_recurs():
    """E 3.56."""

    async def story(site):
        await install(site, 0, maximum(10, start=0, duration=60, recurrencyKind="Daily"))
        assert await composite(site, 0, 2 * DAY) == [(0, 10), (60, 32)]
        assert await put(site, 0, maximum(10, start=0, kind="Recurring")) == "Rejected"

    play(story)
