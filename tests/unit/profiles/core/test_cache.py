"""The authorization cache (1.6 3.5.1, 7.27, E 3.4, 3.74)."""

from charging import play

from profiles.core import cache


def test_any_case_and_one_entry_a_tag():
    async def story(site):
        cache.learn(site.engine, "Tag", {"status": "Accepted", "parentIdTag": "P"})
        cache.learn(site.engine, "tAG", {"status": "Blocked"})
        assert cache.lookup(site.engine, "TAG") == ("Blocked", None)
        assert cache.lookup(site.engine, "other") is None
        assert len(list(cache.entries(site.engine))) == 1

    play(story)


def test_expiry():
    """expiryDate -> status at 2026-03-01T12:00:00Z and 10 s later."""

    async def story(site):
        site.central.answers["BootNotification"] = None
        site.engine.clock.set("2026-03-01T12:00:00Z")
        dates = (
            ("2026-03-01T12:00:05Z", "Accepted", "Expired"),
            ("2026-03-01T13:00:05+01:00", "Accepted", "Expired"),
            ("2026-03-01T12:00:00.000Z", "Expired", "Expired"),
            ("2026-03-01T12:01:00Z", "Accepted", "Accepted"),
            ("1999-12-31T23:59:59Z", "Expired", "Expired"),
            ("2150-01-01T00:00:00Z", "Accepted", "Accepted"),
        )
        for date, _, _ in dates:
            cache.learn(site.engine, date, {"status": "Accepted", "expiryDate": date})
        for date, status, _ in dates:
            assert cache.lookup(site.engine, date)[0] == status, date
        await site.wait(10)
        for date, _, status in dates:
            assert cache.lookup(site.engine, date)[0] == status, date

    play(story)


def test_the_oldest_make_room():
    async def story(site):
        for number in range(61):
            cache.learn(site.engine, "tag %d" % number, {"status": "Accepted"})
        cache.learn(site.engine, "tag 1", {"status": "Accepted", "parentIdTag": "P"})
        cache.learn(site.engine, "new", {"status": "Accepted"})
        known = [number for number in range(61) if cache.lookup(site.engine, "tag %d" % number)]
        assert known == [1] + list(range(3, 61))
        assert len(list(cache.entries(site.engine))) == 60

    play(story)


def test_flash_is_spared():
    async def story(site):
        info = {"status": "Accepted", "expiryDate": "2030-01-01T00:00:00Z"}
        cache.learn(site.engine, "a", info)
        writes = site.engine.store.writes
        cache.learn(site.engine, "A", info)
        assert site.engine.store.writes == writes

    play(story)


def test_kept_over_a_restart_until_cleared():
    """1.6 5.4, E 3.23."""

    async def story(site):
        cache.learn(site.engine, "a", {"status": "Accepted"})
        await site.restart()
        assert cache.lookup(site.engine, "a")
        assert await site.central.ask("ClearCache") == {"status": "Accepted"}
        assert cache.lookup(site.engine, "a") is None
        await site.restart()
        assert cache.lookup(site.engine, "a") is None

    play(story)
