"""RemoteStartTransaction where something is reserved (1.6 5.11, 5.13, E 3.32)."""

from central_system import TIME
from reserving import cancel, groups, play_reserving, plug, refused, remote, reserve, starts

from memory import load


def test_remote_start_with_the_right_idTag_is_honoured():
    """5.11: with and without connectorId; with and without authorization."""
    for number in (1, None):
        for authorize in ("true", "false"):

            async def story(site, number=number):
                assert await reserve(site, 1, "A") == "Accepted"
                assert await remote(site, "a", number) == "Accepted"
                assert site.told(1)[-1] == "Preparing"
                await plug(site)
                assert starts(site) == [(1, "a", 1)]

            play_reserving(story, connectors=2, keys={"AuthorizeRemoteTxRequests": authorize})


def test_remote_start_with_another_idTag_is_rejected():
    """5.13; without connectorId the other connector is free for it."""
    for authorize in ("true", "false"):

        async def story(site):
            assert await reserve(site, 1, "A") == "Accepted"
            assert await remote(site, "B", 1) == "Rejected"
            assert site.central.of("Authorize") == []
            assert await remote(site, "B") == "Accepted"
            await plug(site, 1)
            await plug(site, 2)
            assert starts(site) == [(2, "B", None)] and site.told(1)[-1] == "Reserved"
            assert await remote(site, "C") == "Rejected"

        play_reserving(story, connectors=2, keys={"AuthorizeRemoteTxRequests": authorize})


def test_E_3_32_remote_start_for_the_group_asks_who_it_is():
    """5.13: SHALL, even if AuthorizeRemoteTxRequests is false; Accepted means that it will be tried (E 3.32)."""
    for authorize in ("true", "false"):

        async def story(site):
            groups(site, B="G")
            assert await reserve(site, 1, "A", parent="G") == "Accepted"
            assert await remote(site, "C", 1) == "Accepted"
            await plug(site)
            assert starts(site) == [] and site.told()[-1] == "Reserved"
            assert await remote(site, "B", 1) == "Accepted"
            await site.run(4000)
            assert starts(site) == [(1, "B", 1)] and len(site.central.of("Authorize")) == 2

        play_reserving(story, keys={"AuthorizeRemoteTxRequests": authorize})


def test_remote_start_asks_nobody_where_another_connector_will_do():
    async def story(site):
        assert await reserve(site, 1, "A", parent="G") == "Accepted"
        assert await remote(site, "B") == "Accepted"
        await plug(site, 2)
        assert starts(site) == [(2, "B", None)] and site.central.of("Authorize") == []

    play_reserving(story, connectors=2, keys={"AuthorizeRemoteTxRequests": "false"})


def test_a_connector_that_is_reserved_while_the_answer_is_on_its_way():
    async def story(site):
        def answer(payload):
            rules = load("profiles.reservation.rules")
            rules.change(site.reservation, [[9, 1, "other", None, TIME.ms + 2000000000]])
            return {"idTagInfo": {"status": "Accepted"}}

        site.central.answers["Authorize"] = answer
        for ask in (remote, refused):
            assert await ask(site, "A", 1)
            await plug(site)
            assert starts(site) == [] and site.told()[-1] == "Reserved"
            assert await cancel(site, 9) == "Accepted"
            await plug(site, 1, False)

    play_reserving(story)
