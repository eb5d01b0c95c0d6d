"""Who may charge: online, offline, from the cache (1.6 3.5, 4.1, E 3.4)."""

from charging import play

import memory
from ocpp.errors import OcppError
from profiles.core import authorization, cache

UNKNOWN = "never seen"


def authorize(site, id_tag):
    return authorization.authorize(site.core, id_tag)


def remember(site, **statuses):
    for id_tag, status in statuses.items():
        cache.learn(site.engine, id_tag, {"status": status, "parentIdTag": "G"})


def test_online_the_central_system_decides_and_is_remembered():
    async def story(site):
        remember(site, a="Accepted")
        for status in ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"):
            site.central.answers["Authorize"] = {"idTagInfo": {"status": status, "parentIdTag": "P"}}
            assert await authorize(site, "A") == (status, "P")
            assert cache.lookup(site.engine, "a") == (status, "P")
        assert site.central.of("Authorize")[0] == {"idTag": "A"}

    play(story)


def test_no_memory_to_read_or_write_the_cache():
    """Once, and code is unloaded; or for ever, and the answer of the central system counts all the same."""
    learn, unload = cache.learn, memory.unload
    for failures, remembered in ((1, True), (9, False)):

        async def story(site, failures=failures, remembered=remembered):
            left = [failures]
            unloaded = []

            def short(*args):
                if left[0]:
                    left[0] -= 1
                    raise MemoryError
                return learn(*args)

            cache.learn, memory.unload = short, lambda: unloaded.append(1)
            assert await authorize(site, "A") == ("Accepted", None)
            await site.settle()
            assert unloaded and (cache.lookup(site.engine, "a") is not None) == remembered

        try:
            play(story)
        finally:
            cache.learn, memory.unload = learn, unload


def test_no_memory_to_look_a_card_up():
    """Once, and code is unloaded. Without an end nobody is let in, for he may be blocked."""
    lookup = cache.lookup
    for failures in (1, 9):

        async def story(site, failures=failures):
            left = [failures]

            def short(*args):
                if left[0]:
                    left[0] -= 1
                    raise MemoryError
                return lookup(*args)

            remember(site, bad="Blocked")
            site.central.lose()
            cache.lookup = short
            if failures == 1:
                assert await authorize(site, "BAD") == ("Blocked", "G")
                return
            try:
                await authorize(site, "BAD")
            except MemoryError:
                return
            raise AssertionError("judged without what is known")

        try:
            play(story, keys={"AllowOfflineTxForUnknownId": "true"})
        finally:
            cache.lookup = lookup


def test_local_pre_authorize_spares_the_question_for_accepted_ones_only():
    """1.6 9.1.11: who is known and accepted need not wait."""

    async def story(site):
        remember(site, good="Accepted", bad="Blocked")
        assert await authorize(site, "GOOD") == ("Accepted", "G")
        assert not site.central.of("Authorize")
        assert await authorize(site, "bad") == ("Accepted", None)
        assert await authorize(site, UNKNOWN) == ("Accepted", None)
        assert len(site.central.of("Authorize")) == 2

    play(story, keys={"LocalPreAuthorize": "true"})


def test_offline():
    """LocalAuthorizeOffline, AllowOfflineTxForUnknownId -> status of one that is accepted, blocked, unknown (3.5.4)."""
    for local, unknown, expected in (
        ("true", "false", ("Accepted", "Blocked", "Invalid")),
        ("true", "true", ("Accepted", "Blocked", "Accepted")),
        ("false", "false", ("Invalid", "Blocked", "Invalid")),
        ("false", "true", ("Invalid", "Blocked", "Accepted")),
    ):

        async def story(site, expected=expected):
            remember(site, good="Accepted", bad="Blocked")
            site.central.lose()
            for id_tag, status in zip(("good", "bad", UNKNOWN), expected):
                assert (await authorize(site, id_tag))[0] == status, (id_tag, expected)

        play(story, keys={"LocalAuthorizeOffline": local, "AllowOfflineTxForUnknownId": unknown})


def test_no_answer_is_as_good_as_offline():
    async def story(site):
        remember(site, good="Accepted")
        site.central.answers["Authorize"] = lambda payload: site.central.lose()
        assert await authorize(site, "good") == ("Accepted", "G")

    play(story)


def test_an_error_in_answer_to_authorize_is_no():
    async def story(site):
        remember(site, good="Accepted")
        site.central.answers["Authorize"] = OcppError("InternalError", "")
        assert await authorize(site, "good") == ("Invalid", None)

    play(story)


def test_an_answer_without_a_known_status_is_no():
    """The cache learns nothing of one that has none; another word than Accepted is no acceptance, offline neither."""

    async def story(site):
        for answer in ({}, {"idTagInfo": {}}, {"idTagInfo": {"status": None}}):
            site.central.answers["Authorize"] = answer
            assert await authorize(site, "good") == ("Invalid", None)
        assert cache.lookup(site.engine, "good") is None
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Yes"}}
        assert await authorize(site, "good") == ("Invalid", None)
        assert cache.lookup(site.engine, "good") == ("Invalid", None)

    play(story)


def test_switched_off_cache_is_neither_read_nor_written():
    async def story(site):
        remember(site, good="Accepted")
        await site.change(AuthorizationCacheEnabled="false")
        assert authorization.known(site.engine, "good") is None
        authorization.learn(site.engine, "good", {"status": "Blocked"})
        site.central.lose()
        assert (await authorize(site, "good"))[0] == "Invalid"
        assert cache.lookup(site.engine, "good") == ("Accepted", "G")
        site.central.back()
        assert await site.central.ask("ClearCache") == {"status": "Rejected"}

    play(story)


def test_start_and_stop_teach_the_cache():
    """1.6 3.5.1: every idTagInfo counts; the one of the stop is of who stopped."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("ConcurrentTx")
        site.central.answers["StopTransaction"] = {"idTagInfo": {"status": "Expired"}}
        await site.charge("A")
        await site.run(2000)
        assert cache.lookup(site.engine, "a") == ("ConcurrentTx", None)
        await site.card("A", 1)
        await site.run(2000)
        assert site.central.of("StopTransaction")[0]["idTag"] == "A"
        assert cache.lookup(site.engine, "a") == ("Expired", None)

    play(story, keys={"StopTransactionOnInvalidId": "false"})
