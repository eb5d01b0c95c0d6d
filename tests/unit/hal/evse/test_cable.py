"""A cable that stays in the socket when its car has gone (1.6 3.5.4, 4.9, 4.10, E 3.5)."""

from charging import play


async def held(site):
    """The idTag of a running transaction turns out to be invalid; the cable is kept."""
    site.central.answers["StartTransaction"] = lambda payload: site.central.started("Invalid")
    connector = await site.charge("A")
    await site.run(4000)
    assert site.told()[-1] == "Finishing" and connector.cable_holder and site.evses[0].locked
    return connector


async def drive_away(site):
    site.board.plug(1, False)
    await site.run(1000)
    await site.wait(2)


def test_a_connector_with_a_held_cable_is_not_available():
    """7.7: Available is for a new user; nobody could plug in."""

    async def story(site):
        connector = await held(site)
        await drive_away(site)
        assert site.told()[-1] == "Finishing" and not connector.free
        site.board.plug(1, True)
        await site.run(1000)
        assert site.told()[-1] == "Finishing"
        await drive_away(site)
        await site.card("A", 1)
        await site.run(1000)
        await site.wait(2)
        assert site.told()[-1] == "Available" and connector.free

    play(story)


def test_a_cable_that_is_gone_is_not_held():
    async def story(site):
        connector = await held(site)
        site.board.lever(1, "lock", {"state": "loose"})
        await drive_away(site)
        assert site.told()[-1] == "Available" and connector.free

    play(story)


def test_a_cable_that_is_pulled_out_later_is_not_held():
    async def story(site):
        connector = await held(site)
        await drive_away(site)
        site.board.lever(1, "lock", {"state": "loose"})
        await site.run(1000)
        await site.wait(2)
        assert site.told()[-1] == "Available" and connector.free

    play(story)


def test_nothing_is_held_that_was_never_locked():
    """The car is faster than the lock."""

    async def story(site):
        connector = await site.charge("A")
        site.board.lever(1, "lock", {"state": "loose"})
        await drive_away(site)
        assert site.central.of("StopTransaction")[0]["reason"] == "EVDisconnected"
        assert site.told()[-1] == "Available" and connector.free

    play(story, keys={"UnlockConnectorOnEVSideDisconnect": "false"})


def test_a_car_that_comes_back_to_its_cable_begins_a_new_session():
    """4.9 F2: user restarts, for example reconnects the cable."""

    async def story(site):
        await site.charge("A")
        site.board.plug(1, False)
        await site.run(1000)
        assert site.told()[-1] == "Finishing"
        site.board.plug(1, True)
        await site.run(1000)
        assert site.told()[-1] == "Preparing"
        await site.card("A", 1)
        await site.run(1000)
        assert site.told()[-1] == "SuspendedEV" and len(site.central.of("StartTransaction")) == 2

    play(story)


def test_the_car_comes_back_while_the_transaction_waits():
    async def story(site):
        await site.charge("A")
        site.board.plug(1, False)
        await site.run(1000)
        await site.wait(30)
        site.board.plug(1, True)
        await site.run(1000)
        await site.card("A", 1)
        await site.run(1000)
        assert site.told()[-1] == "Finishing", "the car is there"
        await drive_away(site)
        assert site.told()[-1] == "Available"

    play(story, keys={"StopTransactionOnEVSideDisconnect": "false"})
