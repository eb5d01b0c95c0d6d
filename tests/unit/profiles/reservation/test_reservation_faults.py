"""A connector that becomes Unavailable or Faulted while it is reserved (1.6 4.9, 5.13)."""

from reserving import cancel, play_reserving, plug, remote, reserve, starts


def test_a_connector_that_becomes_unavailable_ends_it():
    """5.13 (3); the connector is free for all when it is back."""

    async def story(site):
        for number in (1, 0):
            assert await reserve(site) == "Accepted"
            ask = site.central.ask
            assert await ask("ChangeAvailability", connectorId=number, type="Inoperative") == {"status": "Accepted"}
            await site.settle()
            assert site.told()[-2:] == ["Reserved", "Unavailable"] and await cancel(site) == "Rejected"
            assert await ask("ChangeAvailability", connectorId=number, type="Operative") == {"status": "Accepted"}
            await site.settle()
            assert site.told()[-1] == "Available"

    play_reserving(story)


def test_a_connector_that_becomes_faulted_ends_it():
    """5.13 (3), 4.9 G9; also one that was claimed."""

    async def story(site):
        for claimed in (False, True):
            assert await reserve(site) == "Accepted"
            if claimed:
                await site.card("A", 1)
            site.board.fault(1, "GroundFailure")
            await site.run(1000)
            assert site.told()[-1] == "Faulted GroundFailure" and await cancel(site) == "Rejected"
            site.board.fault(1, None)
            await site.run(1000)
            assert site.told()[-1] == ("Preparing" if claimed else "Available")
        await plug(site)
        assert starts(site) == [(1, "A", None)]

    play_reserving(story)


def test_a_pilot_that_cannot_be_understood_does_not_end_it():
    """7.6: no real error; 4.9: and not one of Reserved. Any stranger's car could end it. Nobody charges meanwhile."""

    async def story(site):
        assert await reserve(site) == "Accepted"
        for plugged in (True, False):
            await plug(site, 1, plugged)
            site.board.fault(1, "EVCommunicationError")
            await site.run(1000)
            assert await remote(site, "A", 1) == "Rejected"
            assert site.told() == ["Available", "Reserved"]
            site.board.fault(1, None)
            await plug(site, 1, False)
        site.board.fault(1, "EVCommunicationError")
        await site.run(1000)
        assert await cancel(site) == "Accepted" and site.told()[-1] == "Faulted OtherError"
        assert await reserve(site) == "Faulted"

    play_reserving(story)


def test_another_connector_is_of_no_matter():
    async def story(site):
        assert await reserve(site, 1) == "Accepted"
        site.board.fault(2, "GroundFailure")
        await site.central.ask("ChangeAvailability", connectorId=3, type="Inoperative")
        await site.run(1000)
        assert site.told(1)[-1] == "Reserved" and await remote(site, "A", 1) == "Accepted"

    play_reserving(story, connectors=3)
