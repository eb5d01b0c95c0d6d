"""What the errata and the base text say about identifiers, each test named after its row (E 3.x, 1.6 3.5.x)."""

from central_system import TIME
from charging import play

from profiles.core import cache

ALLOWED = {"status": "Accepted"}


def learn(site, **tags):
    """The cache learns name=idTagInfo, as from an answer of the central system."""
    for name, info in tags.items():
        cache.learn(site.engine, name, info)


async def admitted(site, id_tag):
    """Whether `id_tag` may charge when presented while offline; afterwards it is as before."""
    site.central.lose()
    await site.card(id_tag, 1)
    claimed = site.core.connectors[0].authorization
    if claimed:
        await site.card(id_tag, 1)
    assert not site.core.connectors[0].authorization
    site.central.back()
    await site.settle()
    return claimed is not None


def test_E_3_4_cache_persists():
    """Over power outages and over resets, with what is valid and what is not."""

    async def story(site):
        await site.charge("GOOD")
        await site.card("GOOD", 1)
        await site.run(2000)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
        await site.card("BAD", 1)
        for _ in range(3):
            await site.restart()
            assert await admitted(site, "good") and not await admitted(site, "BAD")
        await site.change(AllowOfflineTxForUnknownId="true")
        assert await admitted(site, "UNKNOWN") and not await admitted(site, "BAD")

    play(story)


def test_1_6_3_5_1_a_full_cache_loses_what_is_not_valid_first():
    """Then the oldest valid ones (SHALL)."""

    async def story(site):
        soon = {"status": "Accepted", "expiryDate": "2026-03-01T00:00:30Z"}
        learn(site, old=ALLOWED, blocked={"status": "Blocked"}, soon=soon)
        for number in range(57):
            learn(site, **{"tag%d" % number: ALLOWED})
        TIME.ms += 60000
        learn(site, new=ALLOWED)
        lookup = cache.lookup
        assert lookup(site.engine, "blocked") is None and lookup(site.engine, "soon") is None
        for tag in ("old", "new", "tag0", "tag56"):
            assert lookup(site.engine, tag) == ("Accepted", None), tag
        learn(site, most={"status": "Invalid"})
        assert lookup(site.engine, "old")
        learn(site, last=ALLOWED)
        assert lookup(site.engine, "most") is None and lookup(site.engine, "old") and lookup(site.engine, "last")
        learn(site, fresh=ALLOWED)
        assert lookup(site.engine, "old") is None and lookup(site.engine, "tag0") and lookup(site.engine, "fresh")

    play(story)


def test_1_6_3_5_1_what_is_not_valid_is_asked_again_while_online():
    async def story(site):
        learn(site, A={"status": "Blocked"}, B={"status": "Accepted", "expiryDate": "2020-01-01T00:00:00Z"})
        for id_tag in "AB":
            await site.card(id_tag, 1)
            assert site.central.of("Authorize")[-1] == {"idTag": id_tag}
            assert site.core.connectors[0].authorization
            await site.card(id_tag, 1)
        await site.card("A", 1)
        assert len(site.central.of("Authorize")) == 2, "LocalPreAuthorize, now that the cache knows better"

    play(story, keys={"LocalPreAuthorize": "true"})


def test_1_6_3_5_4_expired_by_the_passage_of_time_is_refused_offline():
    """Also where the unknown are allowed."""

    async def story(site):
        learn(site, A={"status": "Accepted", "expiryDate": "2026-03-01T00:01:00Z"})
        assert await admitted(site, "A") and await admitted(site, "UNKNOWN")
        await site.wait(60)
        assert not await admitted(site, "A") and await admitted(site, "UNKNOWN")

    play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_E_3_10_defect_E_an_expiry_with_fractions_and_offset():
    """expiryDate -> whether it is over at 2026-03-01T00:00:00Z."""
    dates = (
        ("2026-03-01T01:59:59+02:00", True),
        ("2026-03-01T02:00:01.5+02:00", False),
        ("2026-02-28T21:00:00-03:00", True),
        ("2026-02-28T21:00:01-03:00", False),
        ("2026-03-01T05:29:59.999999+05:30", True),
        ("2026-03-01T05:30:10+05:30", False),
    )

    async def story(site):
        for date, over in dates:
            site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "expiryDate": date}}
            await site.card("A", 1)
            await site.card("A", 1)
            assert await admitted(site, "A") != over, date

    play(story)


def test_E_3_74_idTags_are_case_insensitive():
    """E 3.75; in the cache, for the own transaction, for the own claim, for the group (parentIdTag)."""

    async def story(site):
        def answer(parent):
            site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": parent}}

        answer("Group")
        await site.card("aBc", 1)
        assert site.core.connectors[0].authorization
        await site.card("AbC", 1)
        assert not site.core.connectors[0].authorization
        assert await admitted(site, "ABC")
        for other in ("ABC", "xyz"):
            answer("Group")
            await site.charge("abc")
            assert site.core.connectors[0].transaction
            answer("gROUP")
            await site.card(other, 1)
            await site.run(2000)
            assert site.central.of("StopTransaction")[-1]["idTag"] == other
            site.board.plug(1, False)
            await site.run(1000)
        assert len(site.central.of("StopTransaction")) == 2

    play(story)


def test_E_3_58_20_characters_are_the_most_and_fewer_will_do():
    async def story(site):
        for id_tag in ("1", "12345678901234567890"):
            await site.card(id_tag, 1)
            assert site.central.of("Authorize")[-1] == {"idTag": id_tag} and site.core.connectors[0].authorization
            await site.card(id_tag, 1)
            answer = await site.central.ask("RemoteStartTransaction", idTag=id_tag, connectorId=2)
            assert answer == {"status": "Accepted"}
            await site.settle()
            await site.card(id_tag, 2)
        answer = await site.central.ask("RemoteStartTransaction", idTag="x" * 21, connectorId=2)
        assert answer == "PropertyConstraintViolation" and len(site.central.of("Authorize")) == 4

    play(story, connectors=2)


def test_1_6_3_5_4_local_pre_authorize_does_not_wait_for_the_central_system():
    """LocalPreAuthorize (9.1.13) true: energy flows while Authorize would not be answered; false: it waits."""
    for text in ("true", "false"):

        async def story(site, early=text == "true"):
            learn(site, A=ALLOWED)
            site.central.answers["Authorize"] = None
            await site.charge("A")
            assert (site.told()[-1] == "Charging") == early
            assert bool(site.central.of("StartTransaction")) == early

        play(story, keys={"LocalPreAuthorize": text})
