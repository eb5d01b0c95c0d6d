# without coverage: the hours are long
"""Charging profiles that begin "now" (1.6 3.13.2, 7.8, 7.13): the clock of the central system may be 2 s ahead, and
between two limits that follow each other no third one comes."""

from central_system import TIME
from charging_profiles import composite, for_transaction, install, limit, maximum, play, profile


async def offered(site, seconds):
    """All limits that were offered meanwhile, in A; at most 32."""
    found = set()
    for _ in range(seconds * 5):
        await site.run(200)
        found.add(limit(site))
        if TIME.ms % 1000 < 200:
            for one in site.engine.profiles:
                one.check_time()
    return found


def test_a_start_within_two_seconds_counts_as_reached():
    """Of each purpose and kind, by startSchedule and by validFrom."""
    daily = {"kind": "Recurring", "recurrencyKind": "Daily"}
    weekly = {"kind": "Recurring", "recurrencyKind": "Weekly"}

    async def story(site):
        await site.charge()
        for number, asked in ((1, profile), (0, profile), (1, for_transaction), (0, maximum)):
            await install(site, number, asked(8))
            for more in ({}, daily, weekly):
                for field in ("start", "validFrom"):
                    for ahead in (0, 1, 2):
                        fields = dict(more)
                        fields[field] = TIME.ms // 1000 + ahead
                        await install(site, number, asked(7, **fields))
                        assert limit(site) == 7, (asked, fields)
                        assert (await composite(site, 1, 60))[0] == (0, 7)
                        assert await offered(site, 6) == {7}
                        await install(site, number, asked(8))
                        assert limit(site) == 8
            await site.central.ask("ClearChargingProfile")

    play(story)


def test_a_start_that_is_further_ahead_has_not_been_reached():
    """3.13.2: the default holds until then. Its moment is exact."""

    async def story(site):
        await site.charge()
        begins = TIME.ms // 1000 + 20
        await install(site, 1, profile(7, start=begins))
        for second in range(TIME.ms // 1000, begins + 2):
            assert limit(site) == (7 if second >= begins else 32), second - begins
            await site.wait(1)
        await install(site, 1, profile(9, id=2, level=1, start=begins + 13))
        await install(site, 1, profile(30, id=3, level=2, validTo=begins + 8))
        await site.wait(8)
        assert limit(site) == 7

    play(story)


def test_the_periods_count_from_the_start_that_was_given():
    async def story(site):
        await site.charge()
        begins = TIME.ms // 1000 + 2
        await install(site, 1, profile(7, (10, 9), start=begins))
        assert await composite(site, 1, 60) == [(0, 7), (12, 9)]
        await site.wait(11)
        assert limit(site) == 7
        await site.wait(1)
        assert limit(site) == 9

    play(story)


def test_a_remote_start_with_a_profile_that_begins_now():
    async def story(site):
        asked = {"idTag": "A", "connectorId": 1, "chargingProfile": for_transaction(7, start=TIME.ms // 1000 + 2)}
        site.board.plug(1, True)
        await site.run(1000)
        assert await site.central.ask("RemoteStartTransaction", **asked) == {"status": "Accepted"}
        await site.settle()
        await site.run(3000)
        assert site.core.connectors[0].transaction and limit(site) == 7, (site.core.connectors[0].status, limit(site))

    play(story)


def test_a_replacement_never_offers_more_than_both():
    """Whatever is replaced by whatever: id, stackLevel or both the same, of each purpose; also for an instant."""

    async def story(site):
        await site.charge()
        evse, seen = site.evses[0], []
        limit = evse.limits.set

        def watched(slot, deciamps, phases):
            limit(slot, deciamps, phases)
            site.safety.step(TIME.ms)
            seen.append(evse.limit)

        evse.limits.set = watched
        for number, asked in ((1, profile), (0, profile), (1, for_transaction), (0, maximum)):
            await install(site, number, asked(8, id=1))
            for one, level, rate in ((1, 0, 7), (2, 0, 8), (2, 1, 7), (2, 1, 6), (1, 1, 8)):
                seen.clear()
                await install(site, number, asked(rate, id=one, level=level, start=TIME.ms // 1000 + 1))
                assert await offered(site, 6) == {rate}
                assert max(seen) <= 80, seen
            await site.central.ask("ClearChargingProfile")

    play(story)
