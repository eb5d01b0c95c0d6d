"""The status of a connector beyond a plain session (1.6 4.9): faults, warnings, availability, restarts."""

from charging import play


def last(site, number=1):
    return [payload for payload in site.central.of("StatusNotification") if payload["connectorId"] == number][-1]


def test_fault_from_each_status_and_back():
    async def story(site):
        async def fault_and_back(before, after=None):
            site.board.fault(1, "GroundFailure")
            await site.run(1000)
            assert site.told()[-2:] == [before, "Faulted GroundFailure"], before
            site.board.fault(1, None)
            await site.run(9000)
            assert site.told()[-1] == after or before, (before, site.told())

        await fault_and_back("Available")
        site.board.plug(1, True)
        await site.run(1000)
        await fault_and_back("Preparing")
        await site.card("A", 1)
        site.board.ev(1, "C")
        await site.run(4000)
        await fault_and_back("Charging")
        await site.card("A", 1)
        await site.run(2000)
        await fault_and_back("Finishing")
        await site.central.ask("ChangeAvailability", connectorId=1, type="Inoperative")
        site.board.plug(1, False)
        await site.run(1000)
        await fault_and_back("Unavailable")

    play(story)


def test_fault_during_charging_stops_the_current_not_the_transaction():
    async def story(site):
        connector = await site.charge()
        site.board.fault(1, "GroundFailure")
        await site.run(2000)
        assert last(site)["errorCode"] == "GroundFailure" and not site.evses[0].contactor_closed
        assert connector.transaction and not site.central.of("StopTransaction")
        await site.card("A", 1)
        await site.run(2000)
        assert site.central.of("StopTransaction")[0]["reason"] == "Local"
        assert site.told()[-1] == "Faulted GroundFailure"

    play(story)


def test_claimed_connector_does_not_start_while_faulted():
    async def story(site):
        await site.card("A", 1)
        site.board.fault(1, "GroundFailure")
        site.board.ev(1, "C")
        await site.run(4000)
        assert not site.central.of("StartTransaction")
        site.board.fault(1, None)
        await site.run(8000)
        assert site.central.of("StartTransaction") and site.told()[-1] == "Charging"

    play(story)


def test_warning_shows_beside_the_status():
    """1.6 4.9: an error need not lead to Faulted."""

    async def story(site):
        await site.charge()
        site.board.fault(1, "WeakSignal")
        await site.run(1000)
        assert site.told()[-1] == "Charging WeakSignal" and last(site)["vendorErrorCode"] == "board"
        site.board.fault(1, None)
        await site.run(1000)
        assert site.told()[-1] == "Charging" and site.core.connectors[0].transaction

    play(story)


def test_a_car_that_cannot_be_understood_is_a_warning():
    """EVCommunicationError with Preparing, SuspendedEV, Finishing only, never Faulted (1.6 7.6)."""

    async def story(site):
        site.board.plug(1, True)
        await site.run(1000)
        site.board.fault(1, "EVCommunicationError")
        await site.run(1000)
        assert site.told()[-1] == "Preparing EVCommunicationError"

    play(story)


def test_details_of_a_fault():
    async def story(site):
        site.board.fault(1, "PowerSwitchFailure")
        await site.run(2000)
        payload = last(site)
        assert payload["status"] == "Faulted" and payload["errorCode"] == "PowerSwitchFailure"
        assert payload["info"] and payload["vendorErrorCode"] and len(payload["info"]) <= 50
        assert payload["timestamp"] == "2026-03-01T00:00:00Z", payload

    play(story)


def test_restart_within_a_transaction_and_the_car_is_there():
    """It goes on with its transactionId; the status is never Available in between."""

    async def story(site):
        await site.charge()
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        told = len(site.told())
        await site.start()
        await site.run(8000)
        assert site.told()[told:] == ["SuspendedEVSE", "Charging"], site.told()[told:]
        assert site.core.id_of(site.core.connectors[0].transaction) == 101
        assert len(site.central.of("StartTransaction")) == 1

    play(story)


def test_restart_within_a_transaction_and_the_car_is_gone():
    """1.6 7.36 PowerLoss, after the car had its time to be seen."""

    async def story(site):
        site.board.meter(1, 777)
        await site.charge()
        await site.restart()
        assert site.core.connectors[0].transaction and site.told()[-1] == "SuspendedEVSE"
        await site.wait(9)
        assert not site.central.of("StopTransaction")
        await site.wait(3)
        stop = site.central.of("StopTransaction")[0]
        assert (stop["transactionId"], stop["reason"]) == (101, "PowerLoss") and stop["meterStop"] >= 777
        assert site.told()[-1] == "Available" and not site.evses[0].locked

    play(story)


def test_restart_while_the_transaction_was_ending():
    async def story(site):
        connector = await site.charge()
        connector.session.stop(connector, "Local", "A")
        await site.restart()
        await site.run(1000)
        stop = site.central.of("StopTransaction")[0]
        assert (stop["reason"], stop["idTag"]) == ("Local", "A")
        assert len(site.central.of("StartTransaction")) == 1

    play(story)


def test_a_second_reason_does_not_replace_the_first():
    async def story(site):
        connector = await site.charge()
        connector.session.stop(connector, "Remote")
        connector.session.stop(connector, "Local", "A")
        await site.run(2000)
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["Remote"]

    play(story)


def test_a_welded_contactor_is_no_reason_to_lose_the_stop():
    """The transaction is over when the contactor has opened; one that never opens would keep it open for ever."""

    async def story(site):
        connector = await site.charge()
        connector.session.stop(connector, "Local", "A")
        site.board.lever(1, "contactor", {"state": "welded"})
        await site.run(3000)
        assert site.told()[-1].startswith("Faulted PowerSwitchFailure")
        assert connector.ending == ("Local", "A")
        site.board.fault(1, None)
        await site.run(3000)
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["Local"]

    play(story)
