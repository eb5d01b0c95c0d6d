"""What the errata settle about the states of charge point and connectors, each test named after its row (E 3.x), and
what of ChangeAvailability is often missed (1.6 5.2)."""

from charging import play


async def stop(site, id_tag="A", number=1):
    await site.card(id_tag, number)
    await site.run(2000)


async def leave(site, number=1):
    site.board.plug(number, False)
    await site.run(1000)


def test_E_3_11_never_accepted_charges_nobody_and_every_start_is_a_boot():
    async def story(site):
        site.central.connected = False
        await site.start()
        await site.charge("A")
        assert not site.core.connectors[0].transaction and not site.evses[0].contactor_closed
        site.central.back()
        await site.engine.accepted.wait()
        await site.settle()
        for count in (1, 2, 3):
            boots = [number for number, (action, _) in enumerate(site.central.got) if action == "BootNotification"]
            assert len(boots) == count
            await site.restart()
            await site.engine.accepted.wait()
            await site.settle()

    play(story, start=False)


def test_E_3_19_every_change_is_reported():
    async def story(site):
        await site.charge()
        site.board.ev(1, "B")
        await site.run(2000)
        site.evses[0].limits.set("profile", 0)
        await site.run(2000)
        await stop(site)
        await leave(site)
        assert site.told() == ["Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing",
                               "Available"]

    play(story)


def test_E_3_20_a_car_whose_driver_did_not_authorize_is_not_charged_by_the_next_card():
    """The case of the erratum: two connectors and one reader. Driver 1 plugs in and goes, driver 2 swipes first."""

    async def story(site):
        site.board.ev(1, "C")
        await site.run(1000)
        await site.wait(61)
        assert site.told(1) == ["Available", "Preparing", "Finishing"]
        await site.card("TWO")
        await site.run(4000)
        assert not site.central.of("StartTransaction") and not site.evses[0].contactor_closed
        site.board.ev(2, "C")
        await site.run(4000)
        starts = [(start["connectorId"], start["idTag"]) for start in site.central.of("StartTransaction")]
        assert starts == [(2, "TWO")] and site.told(1)[-1] == "Finishing"
        await leave(site)
        assert site.told(1)[-1] == "Available"

    play(story, connectors=2)


def test_E_3_21_and_3_77_connectionTimeOut_counts_from_the_start_of_preparing():
    """However it began: card, plug or remote start. Back to Available, or Finishing while plugged."""
    for begin, end in (("card", "Available"), ("plug", "Finishing"), ("remote", "Available")):

        async def story(site, begin=begin, end=end):
            await site.wait(100)
            if begin == "card":
                await site.card("A", 1)
            elif begin == "plug":
                site.board.plug(1, True)
                await site.run(500)
            else:
                await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1)
                await site.settle()
            assert site.told()[-1] == "Preparing"
            await site.wait(44)
            assert site.told()[-1] == "Preparing"
            await site.wait(2)
            assert site.told()[-1] == end, begin
            await leave(site)
            site.board.ev(1, "C")
            await site.run(4000)
            assert not site.central.of("StartTransaction") and site.core.connectors[0].free

        play(story, keys={"ConnectionTimeOut": "45"})


def test_E_3_21_a_changed_connectionTimeOut_counts_at_once():
    async def story(site):
        await site.card("A", 1)
        await site.wait(20)
        await site.change(ConnectionTimeOut="10")
        await site.wait(1)
        assert site.told()[-1] == "Available"

    play(story, keys={"ConnectionTimeOut": "3600"})


def test_E_3_22_all_connectors_and_0_after_each_acceptance():
    """With their present status, also when it is the one that was reported before the restart."""

    async def story(site):
        for _ in range(3):
            told = [(payload["connectorId"], payload["status"]) for payload in site.central.of("StatusNotification")]
            assert told == [(number, "Available") for number in range(4)]
            del site.central.got[:]
            await site.restart()

    play(story, connectors=3)


def test_E_3_87_unlock_of_an_unknown_connector_is_not_supported():
    """And nothing is stopped."""

    async def story(site):
        await site.charge()
        for number in (0, -1, 2, 99):
            assert await site.central.ask("UnlockConnector", connectorId=number) == {"status": "NotSupported"}
        assert site.core.connectors[0].transaction and site.evses[0].locked

    play(story)


def test_1_6_5_2_scheduled_holds_over_a_restart_within_the_transaction():
    async def story(site):
        ask = site.central.ask
        await site.charge()
        for _ in range(2):
            assert await ask("ChangeAvailability", connectorId=1, type="Inoperative") == {"status": "Scheduled"}
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        await site.run(8000)
        assert site.told()[-1] == "Charging" and site.core.connectors[0].transaction
        await stop(site)
        await leave(site)
        assert site.told()[-1] == "Unavailable" and not site.core.connectors[0].free
        await site.restart()
        assert site.told()[-1] == "Unavailable"
        assert await ask("ChangeAvailability", connectorId=1, type="Operative") == {"status": "Accepted"}
        await site.settle()
        assert site.told()[-1] == "Available" and site.core.connectors[0].free

    play(story)


def test_1_6_5_2_what_is_so_already_is_accepted():
    async def story(site):
        for kind, status in (("Operative", "Available"), ("Inoperative", "Unavailable")):
            for number in (0, 1, 2, 0, 1):
                answer = await site.central.ask("ChangeAvailability", connectorId=number, type=kind)
                assert answer == {"status": "Accepted"}, (number, kind)
            await site.settle()
            assert [site.told(number)[-1] for number in range(3)] == [status] * 3
        await site.charge("A", 1)
        assert not site.central.of("StartTransaction") and not site.evses[0].contactor_closed

    play(story, connectors=2)


def test_1_6_5_2_a_scheduled_change_that_is_taken_back():
    async def story(site):
        ask = site.central.ask
        await site.charge()
        assert await ask("ChangeAvailability", connectorId=0, type="Inoperative") == {"status": "Scheduled"}
        await site.settle()
        assert site.told(2)[-1] == "Unavailable" and site.told(1)[-1] == "Charging"
        assert await ask("ChangeAvailability", connectorId=0, type="Operative") == {"status": "Accepted"}
        await stop(site)
        await leave(site)
        assert [site.told(number)[-1] for number in range(3)] == ["Available"] * 3
        assert "Unavailable" not in site.told(1)

    play(story, connectors=2)


def test_E_3_55_and_3_64_which_side_does_not_want():
    """B2 is SuspendedEV; not offering is SuspendedEVSE, whatever the reason, also when the car does not ask either."""

    async def story(site):
        evse = site.evses[0]
        await site.charge()
        site.board.ev(1, "B")
        await site.run(2000)
        assert evse.state == "B2" and site.told()[-1] == "SuspendedEV"
        for limit, status in ((0, "SuspendedEVSE"), (160, "SuspendedEV")):
            evse.limits.set("profile", limit)
            await site.run(6000)
            assert site.told()[-1] == status, limit
        site.board.ev(1, "C")
        await site.run(4000)
        assert evse.state == "C2" and site.told()[-1] == "Charging"
        evse.permit(False)
        await site.run(8000)
        assert site.told()[-1] == "SuspendedEVSE" and not evse.contactor_closed
        assert site.core.connectors[0].transaction

    play(story)
