"""ReserveNow and CancelReservation: what is answered, reported and kept (1.6 5.1, 5.13, 7.5, 7.40, 9.3.1)."""

from key_rows import fixed
from reserving import HOUR, cancel, leave, plug, play_reserving, reserve, reserve_each, starts


def test_accepted_and_cancelled():
    """4.9 A7, G1."""

    async def story(site):
        assert await reserve(site) == "Accepted"
        assert site.told() == ["Available", "Reserved"]
        assert await cancel(site) == "Accepted"
        assert site.told() == ["Available", "Reserved", "Available"]
        assert site.told(0) == ["Available"]

    play_reserving(story)


def test_rejected_when_there_is_nothing_to_cancel():
    async def story(site):
        assert await cancel(site) == "Rejected"
        assert await reserve(site, identity=7) == "Accepted"
        assert await cancel(site, 8) == "Rejected"
        assert site.told()[-1] == "Reserved"
        assert [await cancel(site, 7), await cancel(site, 7)] == ["Accepted", "Rejected"]

    play_reserving(story)


def test_any_integer_is_a_reservation_id():
    async def story(site):
        for identity in (0, -5, 2147483647):
            assert await reserve(site, identity=identity) == "Accepted"
            await site.charge("A")
            assert starts(site)[-1] == (1, "A", identity)
            await leave(site, "A")

    play_reserving(story)


def test_occupied_whatever_occupies_it():
    async def story(site):
        await plug(site)
        assert site.told()[-1] == "Preparing" and await reserve(site) == "Occupied"
        await site.wait(61)
        assert site.told()[-1] == "Finishing" and await reserve(site) == "Occupied"
        await plug(site, 1, False)
        await site.card("B", 1)
        assert site.told()[-1] == "Preparing" and await reserve(site) == "Occupied"
        await plug(site)
        assert site.told()[-1] == "Charging" and await reserve(site) == "Occupied"
        await site.card("B", 1)
        await site.run(2000)
        assert site.told()[-1] == "Finishing" and await reserve(site) == "Occupied"
        await plug(site, 1, False)
        connector = site.core.connectors[0]
        connector.finishing = True  # by a cable that was left behind
        connector.update()
        assert site.told()[-1] == "Available" and await reserve(site) == "Occupied"
        connector.finishing = False
        assert await reserve(site) == "Accepted"

    play_reserving(story)


def test_occupied_when_it_is_reserved_for_the_same_or_another_idTag():
    async def story(site):
        assert await reserve(site, identity=1) == "Accepted"
        assert await reserve(site, identity=2) == "Occupied"
        assert await reserve(site, identity=2, id_tag="B") == "Occupied"
        assert await reserve(site, 0, identity=2, id_tag="B") == "Occupied"
        assert await cancel(site, 2) == "Rejected" and site.told() == ["Available", "Reserved"]

    play_reserving(story)


def test_faulted_and_unavailable():
    async def story(site):
        site.board.fault(1, "GroundFailure")
        await site.run(1000)
        await site.central.ask("ChangeAvailability", connectorId=2, type="Inoperative")
        await site.settle()
        assert await reserve_each(site, (1, 2, 3)) == ["Faulted", "Unavailable", "Accepted"]
        assert [site.told(n)[-1] for n in (1, 2, 3)] == ["Faulted GroundFailure", "Unavailable", "Reserved"]
        assert await reserve(site, 1, identity=1) == "Faulted" and site.told(3)[-1] == "Reserved", "the old one stays"

    play_reserving(story, connectors=3)


def test_unavailable_when_the_charge_point_is():
    async def story(site):
        await site.central.ask("ChangeAvailability", connectorId=0, type="Inoperative")
        await site.central.ask("ChangeAvailability", connectorId=1, type="Operative")
        await site.settle()
        assert site.told(1)[-1] == "Available"
        assert await reserve_each(site, (0, 1, 2)) == ["Unavailable"] * 3

    play_reserving(story, connectors=2)


def test_rejected_where_nothing_can_be_reserved():
    """A connector that does not exist, a reservation that would be over already."""

    async def story(site):
        for number in (-1, 2, 1000):
            assert await reserve(site, number) == "Rejected"
        for seconds in (0, -1, -HOUR, -10 * 365 * 24 * HOUR):
            assert await reserve(site, seconds=seconds) == "Rejected"
        ask = site.central.ask
        answer = await ask("ReserveNow", connectorId=1, idTag="A", reservationId=1, expiryDate="1999-12-31T00:00:00Z")
        assert answer == {"status": "Rejected"} and site.told() == ["Available"]
        assert await ask("ReserveNow", connectorId=1, idTag="A", reservationId=1,
                         expiryDate="soon") == "PropertyConstraintViolation"
        assert await ask("ReserveNow", connectorId=1, idTag="A" * 21, reservationId=1,
                         expiryDate="2030-12-31T00:00:00Z") == "PropertyConstraintViolation"

    play_reserving(story)


def test_rejected_for_connector_0_if_so_configured():
    async def story(site):
        assert await reserve(site, 0) == "Rejected"
        assert await reserve(site, 1) == "Accepted"
        await fixed(site, "ReserveConnectorZeroSupported", "false", "true")

    play_reserving(story, keys={"ReserveConnectorZeroSupported": "false"})


def test_ReserveConnectorZeroSupported():
    """9.3.1: read-only, true; there with the profile only."""

    async def story(site):
        await fixed(site, "ReserveConnectorZeroSupported", "true", "false")
        await fixed(site, "SupportedFeatureProfiles", "Core,Reservation", "Core")

    play_reserving(story)


def test_switched_off_reservations_are_rejected():
    """5.13: "not configured to accept reservations"; what was reserved before is no matter (9.1.29)."""

    async def story(site):
        assert await reserve(site) == "Accepted"
        site.first = {"SupportedFeatureProfiles": "Core"}
        await site.restart()
        assert await reserve(site, identity=2) == "Rejected"
        assert await site.central.ask("CancelReservation", reservationId=1) == {"status": "Rejected"}
        assert await site.central.ask("CancelReservation", reservationId="1") == "TypeConstraintViolation"
        await site.charge("B")
        assert starts(site) == [(1, "B", None)]
        answer = await site.central.ask("GetConfiguration", key=["ReserveConnectorZeroSupported"])
        assert answer["unknownKey"] == ["ReserveConnectorZeroSupported"]

    play_reserving(story)


def test_the_same_id_replaces():
    """5.13: another idTag, another time, another connector."""

    async def story(site):
        assert await reserve(site, 1, "A") == "Accepted"
        assert await reserve(site, 1, "B") == "Accepted"
        assert site.told(1) == ["Available", "Reserved"]
        await site.charge("A", 1)
        assert starts(site) == []
        await plug(site, 1, False)
        assert await reserve(site, 2, "B", seconds=60) == "Accepted"
        assert site.told(1)[-1] == "Available" and site.told(2)[-1] == "Reserved"
        await site.wait(61)
        assert site.told(2)[-1] == "Available" and await cancel(site) == "Rejected"

    play_reserving(story, connectors=2)


def test_what_cannot_be_replaced_stays():
    async def story(site):
        await site.charge("B", 2)
        assert await reserve(site, 1) == "Accepted"
        assert await reserve(site, 2) == "Occupied"
        assert await reserve(site, 1, seconds=-1) == "Rejected"
        assert site.told(1) == ["Available", "Reserved"] and await cancel(site) == "Accepted"

    play_reserving(story, connectors=2)


def test_who_waits_for_the_plug_is_sent_away_when_the_connector_is_reserved_for_another():
    """The same id for a later time is no such reason."""

    async def story(site):
        assert await reserve(site, 1, "A") == "Accepted"
        await site.card("A", 1)
        assert site.told()[-1] == "Preparing" and await reserve(site, 1, "a", seconds=2 * HOUR) == "Accepted"
        assert site.told()[-1] == "Preparing"
        assert await reserve(site, 1, "B") == "Accepted"
        assert site.told() == ["Available", "Reserved", "Preparing", "Available", "Reserved"]
        await plug(site)
        assert starts(site) == []
        await site.card("B", 1)
        await site.run(4000)
        assert starts(site) == [(1, "B", 1)]

    play_reserving(story)
