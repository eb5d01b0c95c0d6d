"""Who may charge by the local authorization list (1.6 3.5.2 - 3.5.4, 4.1, 5.11)."""

from local_list import differential, entry, full, on_list, play

from ocpp.errors import OcppError
from profiles.core import authorization, cache

OTHERS = ("Blocked", "Expired", "Invalid", "ConcurrentTx")
ALLOWED = {"status": "Accepted"}


def authorize(site, id_tag):
    return authorization.authorize(site.core, id_tag)


def says(site, status, **more):
    """The central system's answer to Authorize from now on."""
    more["status"] = status
    site.central.answers["Authorize"] = {"idTagInfo": more}


def test_3_5_3_the_list_goes_before_the_cache():
    """Offline, also where the unknown may charge (3.5.4: MUST be rejected)."""

    async def story(site):
        for status in OTHERS:
            cache.learn(site.engine, status, ALLOWED)
        cache.learn(site.engine, "GOOD", {"status": "Blocked"})
        cache.learn(site.engine, "CACHED", ALLOWED)
        await full(site, 1, entry("GOOD", parentIdTag="P"), *[entry(status, status) for status in OTHERS])
        site.central.lose()
        assert await authorize(site, "good") == ("Accepted", "P")
        for status in OTHERS:
            assert await authorize(site, status) == (status, None)
        assert await authorize(site, "CACHED") == ("Accepted", None)
        assert (await authorize(site, "UNKNOWN"))[0] == "Accepted"

    play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_offline():
    """LocalAuthorizeOffline, AllowOfflineTxForUnknownId -> status of one that the list accepts, blocks, has not."""
    for local, unknown, expected in (
        ("true", "false", ("Accepted", "Blocked", "Invalid")),
        ("true", "true", ("Accepted", "Blocked", "Accepted")),
        ("false", "false", ("Invalid", "Blocked", "Invalid")),
        ("false", "true", ("Invalid", "Blocked", "Accepted")),
    ):

        async def story(site, expected=expected):
            await full(site, 1, entry("good"), entry("bad", "Blocked"))
            site.central.lose()
            for id_tag, status in zip(("good", "bad", "unknown"), expected):
                assert (await authorize(site, id_tag))[0] == status, (id_tag, expected)

        play(story, keys={"LocalAuthorizeOffline": local, "AllowOfflineTxForUnknownId": unknown})


def test_an_offline_session_by_the_list():
    """Card, energy, another card of the group (3.10); StartTransaction follows when there is a connection."""

    async def story(site):
        await full(site, 1, entry("A", parentIdTag="Family"), entry("B", parentIdTag="fAMILY"), entry("C"),
                   entry("D", "Blocked", parentIdTag="Family"))
        await site.restart()
        site.central.lose()
        connector = await site.charge("a")
        assert connector.status == "Charging"
        for id_tag in "CD":
            await site.card(id_tag, 1)
            assert connector.transaction and not connector.ending, id_tag
        await site.card("b", 1)
        await site.run(2000)
        assert not connector.transaction
        site.central.back()
        await site.settle()
        assert site.central.of("StartTransaction")[0]["idTag"] == "a"
        assert site.central.of("StopTransaction")[0]["idTag"] == "b"

    play(story)


def test_online_the_central_system_is_asked():
    """What it says holds, whatever the list says (4.1: MAY); LocalPreAuthorize (9.1.13) spares the accepted ones."""
    for early in (False, True):

        async def story(site, early=early):
            await full(site, 1, entry("GOOD", parentIdTag="P"), *[entry(status, status) for status in OTHERS])
            says(site, "Invalid")
            assert await authorize(site, "GOOD") == (("Accepted", "P") if early else ("Invalid", None))
            says(site, "Accepted", parentIdTag="Q")
            for status in OTHERS:
                cache.learn(site.engine, status, ALLOWED)
                assert await authorize(site, status) == ("Accepted", "Q")
            assert len(site.central.of("Authorize")) == (4 if early else 5)
            site.central.answers["Authorize"] = OcppError("InternalError", "")
            assert await authorize(site, "Blocked") == ("Invalid", None)
            site.central.answers["Authorize"] = lambda payload: site.central.lose()
            assert await authorize(site, "Blocked") == ("Blocked", None)

        play(story, keys={"LocalPreAuthorize": "true" if early else "false"})


def test_pre_authorized_by_the_list():
    """3.5: energy flows while Authorize would not be answered; StartTransaction.conf can still refuse (E 3.17)."""

    async def story(site):
        await full(site, 1, entry("A"))
        site.central.answers["Authorize"] = None
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("Invalid")
        await site.charge("A")
        await site.run(2000)
        assert len(site.central.of("StartTransaction")) == 1 and not site.central.of("Authorize")
        assert site.central.of("StopTransaction")[0]["reason"] == "DeAuthorized"
        assert site.told(0)[-1] == "Available LocalListConflict"

    play(story, keys={"LocalPreAuthorize": "true"})


def test_5_11_a_remote_start_by_the_list():
    async def story(site):
        await full(site, 1, entry("A"), entry("B", "Blocked"))
        site.central.lose()
        assert (await authorize(site, "B"))[0] == "Blocked"
        site.central.back()
        for id_tag in "BA":
            says(site, "Invalid")
            await site.central.ask("RemoteStartTransaction", idTag=id_tag, connectorId=1)
            await site.settle()
            claimed = site.core.connectors[0].authorization
            assert (claimed and claimed[0]) == ("A" if id_tag == "A" else None)
        assert site.central.of("Authorize") == [{"idTag": "B"}]

    play(story, keys={"LocalPreAuthorize": "true"})


def test_3_5_4_expired_by_the_passage_of_time():
    """expiryDate -> status at 2026-03-01T00:00:00Z and 10 s later (E 3.10)."""
    dates = (
        ("2026-03-01T00:00:05Z", "Accepted", "Expired"),
        ("2026-03-01T02:00:06.5+02:00", "Accepted", "Expired"),
        ("2026-02-28T21:00:00-03:00", "Expired", "Expired"),
        ("2026-03-01T00:01:00Z", "Accepted", "Accepted"),
        ("1999-12-31T23:59:59Z", "Expired", "Expired"),
        ("2099-12-31T23:59:59Z", "Accepted", "Accepted"),
        ("2150-01-01T00:00:00Z", "Accepted", "Accepted"),
    )

    async def story(site):
        entries = [entry(date[:20], expiryDate=date) for date, _, _ in dates]
        await full(site, 1, entry("NEVER"), entry("OUT", "Blocked", expiryDate=dates[2][0]), *entries)
        site.central.lose()
        for place in (1, 2):
            for row in dates:
                assert (await authorize(site, row[0][:20]))[0] == row[place], row
            assert on_list(site, "NEVER", "OUT") == ["Accepted", "Blocked"]
            await site.wait(10)

    play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_3_5_3_what_is_on_the_list_is_not_in_the_cache():
    """Nor does any answer change the list (3.5.2 SHALL NOT): Authorize, StartTransaction, StopTransaction."""

    async def story(site):
        await full(site, 1, entry("A", parentIdTag="P"), entry("B", "Blocked"))
        before = on_list(site, "A", "B")
        says(site, "Accepted", parentIdTag="Q", expiryDate="2020-01-01T00:00:00Z")
        site.central.answers["StopTransaction"] = {"idTagInfo": {"status": "Expired"}}
        for id_tag in "AB":
            await site.charge(id_tag)
            await site.card(id_tag, 1)
            await site.run(2000)
            site.board.plug(1, False)
            await site.run(1000)
        assert len(site.central.of("StopTransaction")) == 2
        assert not list(cache.entries(site.engine)) and on_list(site, "A", "B") == before
        await authorize(site, "C")
        assert [line[0] for line in cache.entries(site.engine)] == ["c"]
        assert await site.central.ask("ClearCache") == {"status": "Accepted"}
        assert on_list(site, "A", "B") == before and not list(cache.entries(site.engine))

    play(story)


def test_switched_off_or_absent_the_list_is_not_asked():
    async def off(site):
        await full(site, 1, entry("A", "Blocked"), entry("B"))
        await site.change(LocalAuthListEnabled="false")
        await authorize(site, "A")
        assert site.told(0) == ["Available"] and cache.lookup(site.engine, "A") == ("Accepted", None)
        site.central.lose()
        assert (await authorize(site, "A"), await authorize(site, "B")) == (("Accepted", None), ("Invalid", None))

    async def absent(site):
        """5.10, 7.47."""
        assert await site.central.ask("GetLocalListVersion") == {"listVersion": -1}
        assert await full(site, 1, entry("A")) == "NotSupported"
        answer = await site.central.ask("SendLocalList", listVersion=1, updateType="Full")
        assert answer == {"status": "NotSupported"}
        await authorize(site, "A")
        site.central.lose()
        assert await authorize(site, "A") == ("Accepted", None)

    play(off)
    play(absent, keys={"SupportedFeatureProfiles": "Core"})


def test_the_list_changes_while_a_transaction_runs():
    """It goes on whatever becomes of its idTag, which still ends it (4.10)."""
    for change in (entry("A", "Blocked"), entry("A", None), entry("A", parentIdTag="Q"),
                   entry("A", expiryDate="2026-03-01T00:00:30Z")):

        async def story(site, change=change):
            await full(site, 1, entry("A", parentIdTag="P"), entry("B", parentIdTag="P"))
            site.central.lose()
            connector = await site.charge("A")
            site.central.back()
            await site.settle()
            assert await differential(site, 2, change) == "Accepted"
            await site.wait(31)
            await site.restart()
            site.board.ev(1, "C")
            await site.run(4000)
            connector = site.core.connectors[0]
            assert connector.status == "Charging"
            site.central.lose()
            await site.card("B" if "idTagInfo" in change else "a", 1)
            await site.run(2000)
            assert not connector.transaction

        play(story)


def test_the_list_needs_no_cache():
    async def story(site):
        await full(site, 1, entry("A"))
        site.central.lose()
        assert (await authorize(site, "A"), await authorize(site, "B")) == (("Accepted", None), ("Invalid", None))

    play(story, keys={"AuthorizationCacheEnabled": "false"})
