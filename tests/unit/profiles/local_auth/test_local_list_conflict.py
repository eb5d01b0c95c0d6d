"""LocalListConflict (1.6 3.5.2 SHALL): the central system says something else of an identifier than its list does."""

from local_list import differential, entry, full, play


async def conflict(site, listed, told, by):
    """Whether it is reported when `by`, an action, is answered `told`; the entry is `listed`."""
    answers = site.central.answers
    answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
    await full(site, 1, entry("A", listed))
    answers["StartTransaction"] = lambda payload: site.central.started(told if by == "StartTransaction" else listed)
    answers["StopTransaction"] = {"idTagInfo": {"status": told if by == "StopTransaction" else listed}}
    answers["Authorize"] = {"idTagInfo": {"status": told}}
    if by == "Authorize":
        await site.card("A", 1)
    else:
        await site.change(LocalPreAuthorize="true")
        await site.charge("A")
        await site.card("A", 1)
        await site.run(2000)
    report = site.central.of("StatusNotification")
    report = [payload for payload in report if payload["errorCode"] == "LocalListConflict"]
    if report:
        assert report == [dict(report[0], connectorId=0, status="Available", info="A is %s, not %s" % (told, listed))]
    return bool(report)


def test_3_5_2_by_each_answer_with_idTagInfo():
    for by in ("Authorize", "StartTransaction", "StopTransaction"):
        for told in ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"):

            async def story(site, by=by, told=told):
                assert await conflict(site, "Accepted", told, by) == (told in ("Blocked", "Expired", "Invalid"))

            play(story, keys={"StopTransactionOnInvalidId": "false"})


def test_3_5_2_by_each_status_on_the_list():
    """Accepted and ConcurrentTx both mean a valid identifier."""
    for listed in ("Blocked", "Expired", "Invalid", "ConcurrentTx"):
        for told in ("Accepted", listed, "Blocked"):

            async def story(site, listed=listed, told=told):
                expected = told != listed and (listed, told) != ("ConcurrentTx", "Accepted")
                assert await conflict(site, listed, told, "Authorize") == expected

            play(story)


def test_expired_by_the_passage_of_time():
    """What the list says now counts."""

    async def story(site):
        await full(site, 1, entry("A", expiryDate="2026-03-01T00:01:00Z"), entry("B", "Blocked"))
        await site.card("A", 1)
        await site.card("A", 1)
        assert site.told(0) == ["Available"]
        await site.wait(60)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Expired"}}
        await site.card("A", 1)
        assert site.told(0) == ["Available"]
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
        await site.card("A", 1)
        assert site.told(0)[-1] == "Available LocalListConflict"

    play(story)


def test_each_identifier_is_reported_and_a_new_list_ends_it():
    async def story(site):
        await full(site, 1, entry("A", "Blocked"), entry("b", "Expired"))
        for id_tag in ("A", "A", "A", "B"):
            await site.card(id_tag, 1)
            await site.card(id_tag, 1)
        infos = [payload.get("info") for payload in site.central.of("StatusNotification")
                 if payload["connectorId"] == 0]
        assert infos == [None, "A is Accepted, not Blocked", "B is Accepted, not Expired"]
        assert await differential(site, 1, entry("A")) == "VersionMismatch"
        assert site.told(0)[-1] == "Available LocalListConflict"
        assert await differential(site, 2, entry("A"), entry("B")) == "Accepted"
        await site.settle()
        assert site.told(0)[-1] == "Available" and len(site.told(0)) == 4
        assert await differential(site, 3) == "Accepted"
        await site.settle()
        assert len(site.told(0)) == 4, "there is nothing new"

    play(story)


def test_of_what_was_authorized_offline():
    """Reported when the answers come, also while the charge point is inoperative."""

    async def story(site):
        await full(site, 1, entry("A"))
        site.central.lose()
        await site.charge("A")
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("Blocked")
        site.central.back()
        await site.settle()
        assert site.told(0)[-1] == "Available LocalListConflict"
        await site.run(2000)
        assert site.central.of("StopTransaction")[0]["reason"] == "DeAuthorized"

    async def inoperative(site):
        await full(site, 1, entry("A"))
        await site.charge("A")
        await site.central.ask("ChangeAvailability", connectorId=0, type="Inoperative")
        site.central.answers["StopTransaction"] = {"idTagInfo": {"status": "Blocked"}}
        await site.card("A", 1)
        await site.run(2000)
        assert site.told(0)[-2:] == ["Unavailable", "Unavailable LocalListConflict"]

    play(story)
    play(inoperative)
