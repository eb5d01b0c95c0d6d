"""Charging profiles while the clock has not been set since the start, and the sharing of what is for all."""

from central_system import TIME
from charging_profiles import for_transaction, install, limit, limits, maximum, play, profile


def test_until_the_clock_is_set_the_lowest_limit_counts():
    """What may hold now or later, for the time is not known; afterwards that of the moment again."""

    async def story(site):
        await site.charge()
        await install(site, 1, profile(16, (1000, 10), (2000, 20), start=0), profile(6, id=2, level=1, validTo=5))
        await site.wait(10)
        assert limit(site) == 16
        site.stop()
        site.central.connected = site.boot = False
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        await site.wait(2)
        assert limit(site) in (6, 10), "the clock may be late"
        site.central.back()
        await site.engine.accepted.wait()
        await site.settle()
        await site.wait(1)
        assert limit(site) == 16

    play(story)


def test_the_share_of_each_connector():
    """3.13.3: even, what one cannot use is for the others, 6 A at least, and never more than there is."""

    async def story(site):
        await install(site, 0, maximum(30))
        for number, expected in ((1, [30, 30, 30]), (2, [15, 15, 30]), (3, [10, 10, 10])):
            await site.charge("ABC"[number - 1], number)
            assert limits(site) == expected, (number, limits(site))
        await install(site, 2, for_transaction(7, id=2))
        assert limits(site) == [11.5, 7, 11.5]
        await install(site, 0, maximum(14))
        assert limits(site) == [7, 7, 0], "for three there is not enough"
        await install(site, 2, for_transaction(0, id=2))
        assert limits(site) == [7, 0, 7]
        await install(site, 0, maximum(5))
        assert sum(limits(site)) <= 5 and TIME.ms

    play(story, connectors=3)
