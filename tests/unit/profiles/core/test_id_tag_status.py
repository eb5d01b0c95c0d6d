"""What the central system says of the identifier of a running transaction (1.6 3.5.4, 9.1.14, 9.1.24, E 3.17)."""

from charging import play

from ocpp import log


def invalid(site, **info):
    site.central.answers["StartTransaction"] = lambda payload: site.central.started("Invalid", **info)


def test_invalid_identifier_stops_the_transaction_and_keeps_the_cable():
    """The owner of the identifier gets the cable back (3.5.4), nobody else."""

    async def story(site):
        invalid(site)
        await site.charge()
        await site.run(4000)
        stop = site.central.of("StopTransaction")[0]
        assert stop["reason"] == "DeAuthorized" and "idTag" not in stop
        assert site.evses[0].locked and site.told()[-1] == "Finishing"
        await site.card("B", 1)
        assert site.evses[0].locked
        await site.card("a", 1)
        await site.run(2000)
        assert not site.evses[0].locked

    play(story)


def test_a_tethered_cable_is_not_held():
    async def story(site):
        invalid(site)
        connector = await site.charge()
        await site.run(4000)
        assert site.central.of("StopTransaction")[0]["reason"] == "DeAuthorized"
        assert not connector.cable_holder and connector.free

    play(story, board={"cable": "tethered"})


def test_max_energy_on_invalid_id_is_a_last_portion():
    """1.6 9.1.14, and it stays the limit over a restart."""

    async def story(site):
        invalid(site)
        connector = await site.charge()
        assert site.told()[-1] == "Charging"
        limit = connector.transaction.record["limit"]
        assert limit - connector.transaction.record["meter"] in (50, 51)
        await site.restart()
        assert site.core.connectors[0].transaction.record["limit"] == limit
        site.board.ev(1, "C")
        await site.run(8000)
        assert site.told()[-1] == "Charging"
        await site.wait(20)
        stop = site.central.of("StopTransaction")[0]
        assert stop["reason"] == "DeAuthorized" and limit <= stop["meterStop"] <= limit + 25, "some seconds more"

    play(story, keys={"MaxEnergyOnInvalidId": "50"})


def test_the_last_portion_is_used_up_once():
    """Without StopTransactionOnInvalidId the car then waits (9.1.14, 9.1.24), and the log says so once."""

    async def story(site):
        lines = []
        log.warning = lambda *args: lines.append(args)
        invalid(site)
        connector = await site.charge()
        await site.wait(120)
        assert site.told()[-1] == "SuspendedEVSE" and connector.transaction
        assert site.board.connectors[0].meter.energy_wh < 100 and not site.central.of("StopTransaction")
        assert len([line for line in lines if "Invalid" in line]) == 2, lines

    warning = log.warning
    try:
        play(story, keys={"MaxEnergyOnInvalidId": "50", "StopTransactionOnInvalidId": "false"})
    finally:
        log.warning = warning


def test_parent_that_only_the_start_tells_is_kept():
    """1.6 3.10: who belongs to the same group may end the transaction, with the own idTag in the message."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda p: site.central.started("Accepted", parentIdTag="G")
        connector = await site.charge("A")
        assert connector.transaction.record["parent"] == "G"
        await site.restart()
        site.board.ev(1, "C")
        await site.run(4000)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "g"}}
        await site.card("B", 1)
        await site.run(2000)
        stop = site.central.of("StopTransaction")[0]
        assert (stop["idTag"], stop["reason"]) == ("B", "Local")

    play(story)


def test_a_stranger_cannot_end_it():
    async def story(site):
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "G"}}
        connector = await site.charge("A")
        for info in ({"status": "Accepted", "parentIdTag": "H"}, {"status": "Accepted"},
                     {"status": "Blocked", "parentIdTag": "G"}):
            site.central.answers["Authorize"] = {"idTagInfo": info}
            await site.card("B", 1)
            assert connector.transaction and not connector.ending

    play(story)


def test_own_identifier_ends_it_without_asking():
    """1.6 4.10: whatever the central system thinks of it meanwhile, in any case (E 3.74)."""

    async def story(site):
        await site.charge("Card")
        asked = len(site.central.of("Authorize"))
        site.central.lose()
        await site.card("cARD", 1)
        await site.run(2000)
        assert site.core.connectors[0].transaction is None
        site.central.back()
        await site.settle()
        assert len(site.central.of("Authorize")) == asked

    play(story)


def test_status_of_the_start_counts_after_a_restart_too():
    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("Blocked")
        await site.charge()
        await site.restart()
        assert site.core.connectors[0].transaction
        assert site.evses[0].permitted is False
        site.board.ev(1, "C")
        await site.run(8000)
        assert site.told()[-1] == "SuspendedEVSE"

    play(story, keys={"StopTransactionOnInvalidId": "false"})
