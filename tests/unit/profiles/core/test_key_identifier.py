"""Configuration keys that say whose identifier charges: a test for each, named after it (1.6 9.1, 3.5)."""

from charging import play
from key_rows import NOT_BOOLEAN, NOT_SECONDS, put, row

from ocpp.errors import OcppError

BOTH = ("true", "false")


async def offline(site, id_tag):
    """Does the car at connector 1 get energy for `id_tag`, without the central system?"""
    site.central.lose()
    await site.charge(id_tag)
    closed = site.evses[0].contactor_closed
    if closed:
        await site.card(id_tag, 1)
        await site.run(2000)
    site.board.plug(1, False)
    await site.run(2000)
    site.central.back()
    await site.settle()
    return closed


def answer_start_with(site, status):
    """From now on identifiers are found to be `status` when a transaction has started."""
    site.central.answers["StartTransaction"] = lambda payload: site.central.started(status)


def test_AllowOfflineTxForUnknownId():
    """9.1.1, 3.5.4: for who is unknown; who is known not to be allowed stays out."""

    async def story(site):
        name = "AllowOfflineTxForUnknownId"
        await row(site, name, "false", ("true", "false"), NOT_BOOLEAN)
        assert not await offline(site, "new")
        await site.change(AllowOfflineTxForUnknownId="true")
        assert await offline(site, "new")
        assert [start["idTag"] for start in site.central.of("StartTransaction")] == ["new"]
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
        await site.card("bad", 1)
        assert not await offline(site, "bad")

    play(story)


def test_AuthorizationCacheEnabled():
    """9.1.2, 3.5.1, E 3.23: what the central system said counts offline, unless there is no cache."""

    async def story(site):
        await row(site, "AuthorizationCacheEnabled", "true", ("false", "true"), NOT_BOOLEAN)
        assert not await offline(site, "A")
        await site.card("A", 1)
        await site.card("A", 1)
        assert await offline(site, "A")
        assert await put(site, "AuthorizationCacheEnabled", "false") == "Accepted"
        assert not await offline(site, "A")
        assert await site.central.ask("ClearCache") == {"status": "Rejected"}
        await site.change(AuthorizationCacheEnabled="true")
        assert await site.central.ask("ClearCache") == {"status": "Accepted"}
        assert not await offline(site, "A")

    play(story)


def test_AuthorizeRemoteTxRequests():
    """9.1.3, 5.11: the identifier of a remote start is asked for first, or not."""

    async def story(site):
        async def start():
            answer = await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1)
            assert answer == {"status": "Accepted"}
            await site.settle()
            return site.told()[-1]

        await row(site, "AuthorizeRemoteTxRequests", "true", ("false", "true"), NOT_BOOLEAN)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
        assert await start() == "Available" and site.central.of("Authorize") == [{"idTag": "A"}]
        await site.change(AuthorizeRemoteTxRequests="false")
        assert await start() == "Preparing" and len(site.central.of("Authorize")) == 1

    play(story)


def test_LocalAuthorizeOffline():
    """9.1.12: may who is locally known start a transaction offline?"""

    async def story(site):
        await row(site, "LocalAuthorizeOffline", "true", ("false", "true"), NOT_BOOLEAN)
        await site.card("A", 1)
        await site.card("A", 1)
        assert await offline(site, "a")
        await site.change(LocalAuthorizeOffline="false")
        assert not await offline(site, "A")

    play(story)


def test_LocalPreAuthorize():
    """9.1.13: online, who is locally known and accepted does not wait for the central system; who is not, does."""

    async def story(site):
        await row(site, "LocalPreAuthorize", "false", ("false", "true"), NOT_BOOLEAN)
        await site.card("A", 1)
        await site.card("A", 1)
        assert site.central.of("Authorize") == [{"idTag": "A"}]
        await site.charge("A")
        assert site.evses[0].contactor_closed and len(site.central.of("Authorize")) == 1
        await site.card("A", 1)
        await site.run(2000)
        site.central.answers["Authorize"] = None
        await site.change(LocalPreAuthorize="false")
        await site.card("A", 1)
        await site.run(4000)
        assert len(site.central.of("Authorize")) == 2 and not site.evses[0].contactor_closed

    play(story)


def test_StopTransactionOnInvalidId():
    """9.1.24, 3.5.4, E 3.17: the transaction ends, or only the energy does."""

    async def story(site):
        await row(site, "StopTransactionOnInvalidId", "true", ("true", "false"), NOT_BOOLEAN)
        answer_start_with(site, "Invalid")
        connector = await site.charge()
        await site.run(8000)
        assert site.told()[-1] == "SuspendedEVSE" and not site.evses[0].contactor_closed
        assert connector.transaction and not site.central.of("StopTransaction")
        await site.card("A", 1)
        await site.run(1000)
        await site.change(StopTransactionOnInvalidId="true")
        await site.charge()
        await site.run(8000)
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["Local", "DeAuthorized"]

    play(story)


def test_MaxEnergyOnInvalidId():
    """9.1.14: from when the identifier is found to be invalid; then as StopTransactionOnInvalidId says."""

    async def story(site):
        async def session():
            """Wh that flow after StartTransaction.conf."""
            meter = site.board.connectors[0].meter
            await site.charge()
            await site.wait(30)
            return meter.energy_wh - site.central.of("StartTransaction")[-1]["meterStart"]

        await row(site, "MaxEnergyOnInvalidId", "0", ("1000", "0", "50"), NOT_SECONDS)
        answer_start_with(site, "Invalid")
        assert 50 <= await session() < 80
        assert site.central.of("StopTransaction")[0]["reason"] == "DeAuthorized"
        await site.card("A", 1)
        await site.change(MaxEnergyOnInvalidId="0")
        assert await session() == 0
        assert len(site.central.of("StopTransaction")) == 2
        await site.card("A", 1)
        await site.change(MaxEnergyOnInvalidId="20", StopTransactionOnInvalidId="false")
        assert 20 <= await session() < 50
        assert len(site.central.of("StopTransaction")) == 2 and site.told()[-1] == "SuspendedEVSE"

    play(story)


def test_MaxEnergyOnInvalidId_of_one_who_is_accepted():
    """No limit; nor when the central system fails to process the start, for that is no answer about the identifier."""

    async def story(site):
        for answer in (site.central.answers["StartTransaction"], OcppError("InternalError", "")):
            site.central.answers["StartTransaction"] = answer
            await site.charge()
            await site.wait(60)
            assert site.told()[-1] == "Charging"
            await site.card("A", 1)
            await site.run(1000)
            site.board.plug(1, False)
            await site.run(1000)

    play(story, keys={"MaxEnergyOnInvalidId": "50", "TransactionMessageAttempts": "1"})
