"""A session at a connector: from the card to the cable's release (1.6 3.5.4, 4.8 - 4.10)."""

from charging import play
from profiles.core.calls.remote_stop_transaction import connector_of


def test_card_plug_charge_card():
    async def story(site):
        connector = await site.charge()
        assert site.told() == ["Available", "Preparing", "Charging"]
        assert connector.transaction.id_tag == "A" and site.evses[0].locked
        await site.card("A")
        await site.run(2000)
        assert site.told()[-1] == "Finishing" and not site.evses[0].locked
        site.board.plug(1, False)
        await site.run(1000)
        assert site.told()[-1] == "Available"
        assert site.central.of("StartTransaction")[0]["idTag"] == "A"
        stop = site.central.of("StopTransaction")[0]
        assert (stop["transactionId"], stop["idTag"], stop["reason"]) == (101, "A", "Local")

    play(story)


def test_plug_before_card():
    async def story(site):
        site.board.plug(1, True)
        await site.run(1000)
        assert site.told() == ["Available", "Preparing"] and not site.evses[0].locked
        await site.card("A", 1)
        site.board.ev(1, "C")
        await site.run(4000)
        assert site.told() == ["Available", "Preparing", "SuspendedEV", "Charging"]

    play(story)


def test_the_same_card_takes_its_claim_back():
    """1.6 4.9 B1."""

    async def story(site):
        await site.card("A", 1)
        await site.card("a", 1)
        assert site.told() == ["Available", "Preparing", "Available"]
        site.board.ev(1, "C")
        await site.run(4000)
        assert not site.central.of("StartTransaction")

    play(story)


def test_car_that_pauses_and_charge_point_that_pauses():
    async def story(site):
        await site.charge()
        site.board.ev(1, "B")
        await site.run(2000)
        assert site.told()[-1] == "SuspendedEV"
        site.evses[0].limits.set("profile", 0)
        await site.run(2000)
        assert site.told()[-1] == "SuspendedEVSE"
        site.evses[0].limits.set("profile", 59)
        site.board.ev(1, "C")
        await site.run(8000)
        assert site.told()[-1] == "SuspendedEVSE", "below 6 A nothing can be offered"
        site.evses[0].limits.set("profile", 60)
        await site.run(8000)
        assert site.told()[-1] == "Charging"
        assert len(site.central.of("StartTransaction")) == 1 and not site.central.of("StopTransaction")

    play(story)


def test_energy_of_the_messages_is_the_meters():
    async def story(site):
        site.board.meter(1, 5000)
        await site.charge()
        await site.wait(600)
        await site.card("A")
        await site.run(1000)
        start, stop = site.central.of("StartTransaction")[0], site.central.of("StopTransaction")[0]
        assert start["meterStart"] == 5000
        assert stop["meterStop"] == site.board.connectors[0].meter.energy_wh > 5000 + 3600

    play(story)


def test_card_for_the_charge_point_takes_the_connector_where_a_car_comes():
    async def story(site):
        await site.card("A")
        assert site.told(1)[-1] == "Preparing" and site.told(2)[-1] == "Available"
        site.board.ev(2, "C")
        await site.run(4000)
        assert site.told(1)[-1] == "Available" and site.told(2)[-1] == "Charging"
        assert site.central.of("StartTransaction")[0]["connectorId"] == 2

    play(story, connectors=2)


def test_card_for_a_connector_stays_there():
    async def story(site):
        await site.card("A", 1)
        site.board.ev(2, "C")
        await site.run(4000)
        assert site.told(1)[-1] == "Preparing" and site.told(2)[-1] == "Preparing"
        assert not site.central.of("StartTransaction")

    play(story, connectors=2)


def test_two_sessions_at_once():
    async def story(site):
        await site.charge("A", 1)
        await site.charge("B", 2)
        assert [site.core.id_of(connector.transaction) for connector in site.core.connectors] == [101, 102]
        assert connector_of(site.core, 102) is site.core.connectors[1] and connector_of(site.core, 7) is None
        await site.card("B")
        await site.run(2000)
        assert site.central.of("StopTransaction")[0]["transactionId"] == 102
        assert site.core.connectors[0].transaction

    play(story, connectors=2)
