"""The lock first, then the transaction (OCA TC_024): when it begins, what is sent, and whose authorization it stays."""

from charging import play


def jam(site, jammed=True):
    site.board.lever(1, "lock", {"state": "jammed" if jammed else "good"})


def nothing_has_begun(site):
    evse = site.evses[0]
    return not (site.central.of("StartTransaction") or evse.permitted or evse.pwm_on or evse.contactor_closed)


async def card_then_plug(site):
    await site.card("A", 1)
    site.board.ev(1, "C")


async def plug_then_card(site):
    site.board.ev(1, "C")
    await site.run(1000)
    await site.card("A", 1)


async def plug_then_remote(site):
    site.board.ev(1, "C")
    await site.run(1000)
    assert await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1) == {"status": "Accepted"}


def test_the_lock_engages_before_the_transaction_starts():
    """In each way into a session."""
    for begin in (card_then_plug, plug_then_card, plug_then_remote):

        async def story(site, begin=begin):
            await begin(site)
            while not site.evses[0].locked:
                assert nothing_has_begun(site)
                await site.run(20)
            await site.run(4000)
            assert len(site.central.of("StartTransaction")) == 1 and site.told()[-1] == "Charging"

        play(story)


def test_a_jammed_lock_starts_nothing_and_is_reported():
    for begin in (card_then_plug, plug_then_card, plug_then_remote):

        async def story(site, begin=begin):
            jam(site)
            await begin(site)
            for _ in range(20):
                await site.run(500)
                assert nothing_has_begun(site)
            assert site.told() == ["Available", "Preparing", "Faulted ConnectorLockFailure"]

        play(story)


def test_a_lock_that_is_freed_in_time_starts_the_session():
    """The lock is tried again by itself, and the driver needs no second card."""

    async def story(site):
        jam(site)
        await plug_then_card(site)
        await site.run(20000)
        jam(site, False)
        await site.run(15000)
        assert site.told()[2:] == ["Faulted ConnectorLockFailure", "Preparing", "Charging"]
        assert len(site.central.of("StartTransaction")) == 1
        assert len(site.central.of("Authorize")) == 1

    play(story)


def test_plugging_again_tries_again():
    """A plug that was not pushed in far enough: pull it, push it in again."""

    async def story(site):
        jam(site)
        await card_then_plug(site)
        await site.run(6000)
        jam(site, False)
        site.board.plug(1, False)
        await site.run(2000)
        assert site.told()[-2:] == ["Faulted ConnectorLockFailure", "Preparing"] and not site.evses[0].locked
        site.board.ev(1, "C")
        await site.run(4000)
        assert site.told()[-1] == "Charging" and len(site.central.of("StartTransaction")) == 1

    play(story)


def test_the_authorization_ends_with_connectionTimeOut_from_its_beginning():
    """Whether the car stays or goes; the next car at this connector is not charged to it."""
    for stays in (True, False):

        async def story(site, stays=stays):
            jam(site)
            await card_then_plug(site)
            await site.run(6000)
            site.board.plug(1, stays)
            await site.run(2000)
            await site.wait(51)
            connector = site.core.connectors[0]
            assert connector.authorization
            await site.wait(3)
            assert not connector.authorization and not site.evses[0].lock_failed
            jam(site, False)
            await site.run(3000)
            assert site.told()[-1] == ("Finishing" if stays else "Available")
            site.board.ev(1, "C")
            await site.run(4000)
            assert nothing_has_begun(site) and not site.evses[0].locked

        play(story)


def test_the_card_again_takes_the_authorization_back_and_the_cable_is_free():
    async def story(site):
        jam(site)
        await plug_then_card(site)
        await site.run(6000)
        await site.card("A", 1)
        jam(site, False)
        await site.run(3000)
        assert nothing_has_begun(site) and not site.evses[0].locked and site.told()[-1] == "Finishing"

    play(story)


def test_a_driver_who_plugs_in_the_last_second_is_not_late():
    """ConnectionTimeOut does not count while the lock moves."""

    async def story(site):
        await site.card("A", 1)
        await site.wait(59)
        site.board.ev(1, "C")
        await site.run(300)
        await site.wait(1)
        await site.run(4000)
        assert site.told()[-1] == "Charging"

    play(story)


def test_a_connector_that_is_taken_out_of_service_meanwhile():
    """Nobody's session begins there once its fault has gone."""
    for fault in ("ConnectorLockFailure", "GroundFailure"):

        async def story(site, fault=fault):
            site.board.fault(1, fault)
            await card_then_plug(site)
            await site.run(6000)
            await site.central.ask("ChangeAvailability", connectorId=1, type="Inoperative")
            site.board.fault(1, None)
            await site.run(6000)
            assert nothing_has_begun(site) and not site.evses[0].locked

        play(story)


def test_another_fault_ends_the_authorization_after_connectionTimeOut_too():
    async def story(site):
        await card_then_plug(site)
        site.board.fault(1, "GroundFailure")
        await site.run(1000)
        await site.wait(61)
        site.board.fault(1, None)
        await site.run(4000)
        assert nothing_has_begun(site) and site.told()[-1] == "Finishing"

    play(story, board={"cable": "tethered"})


def test_after_a_restart_the_lock_engages_before_energy_flows_again():
    """The transaction goes on, without an offer, while the lock is jammed."""

    async def story(site):
        await site.charge()
        site.stop()
        site.start_over()
        jam(site)
        site.board.ev(1, "C")
        await site.start()
        for _ in range(20):
            await site.run(500)
            assert not site.evses[0].pwm_on and not site.evses[0].contactor_closed
        assert site.core.connectors[0].transaction and site.told()[-1] == "Faulted ConnectorLockFailure"
        jam(site, False)
        await site.run(15000)
        assert site.told()[-1] == "Charging" and not site.central.of("StopTransaction")

    play(story)


def test_without_a_lock_the_transaction_starts_at_once():
    for board in ({"cable": "tethered"}, {"lock": False}):

        async def story(site):
            await site.card("A", 1)
            site.board.ev(1, "C")
            await site.run(600)
            assert site.central.of("StartTransaction")

        play(story, board=board)
