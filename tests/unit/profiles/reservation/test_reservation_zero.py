"""Reservations of connector 0: one connector remains for the idTag, whichever it is (1.6 5.13)."""

from reserving import cancel, groups, leave, play_reserving, plug, remote, reserve, starts


def test_no_connector_is_marked():
    """SHALL NOT reserve a specific connector; connector 0 has no status Reserved (4.9)."""

    async def story(site):
        assert await reserve(site, 0) == "Accepted"
        assert [site.told(number) for number in range(3)] == [["Available"]] * 3
        assert await cancel(site) == "Accepted" and await cancel(site) == "Rejected"

    play_reserving(story, connectors=2)


def test_the_last_connector_is_kept():
    async def story(site):
        assert await reserve(site, 0, "A") == "Accepted"
        await site.charge("B", 1)
        await site.charge("C", 2)
        assert starts(site) == [(1, "B", None)] and not site.evses[1].contactor_closed
        assert await remote(site, "C", 2) == "Rejected" and await remote(site, "C") == "Rejected"
        await site.card("a", 2)
        await site.run(4000)
        assert starts(site) == [(1, "B", None), (2, "a", 1)] and await cancel(site) == "Rejected"

    play_reserving(story, connectors=2)


def test_it_ends_with_a_transaction_anywhere():
    async def story(site):
        for number in (1, 2):
            assert await reserve(site, 0, "A", identity=number) == "Accepted"
            await site.charge("A", number)
            assert starts(site)[-1] == (number, "A", number)
            await leave(site, "A", number)
            await site.charge("B", 1)
            await site.charge("C", 2)
            assert starts(site)[-2:] == [(1, "B", None), (2, "C", None)]
            await leave(site, "B", 1)
            await leave(site, "C", 2)

    play_reserving(story, connectors=2)


def test_the_group_may_use_it():
    async def story(site):
        groups(site, B="G")
        assert await reserve(site, 0, "A", parent="G") == "Accepted"
        await site.charge("C")
        assert starts(site) == []
        await plug(site, 1, False)
        await site.charge("B")
        assert starts(site) == [(1, "B", 1)]

    play_reserving(story)


def test_as_many_as_there_are_connectors():
    async def story(site):
        assert await reserve(site, 0, "A", identity=1) == "Accepted"
        assert await reserve(site, 2, "B", identity=2) == "Accepted"
        assert await reserve(site, 0, "C", identity=3) == "Accepted"
        assert await reserve(site, 0, "D", identity=4) == "Occupied"
        assert await reserve(site, 1, "D", identity=4) == "Occupied", "two connectors for two reservations of any"
        await site.card("D")
        await site.card("C")
        await plug(site, 3)
        assert starts(site) == [(3, "C", 3)]
        await site.card("B")
        await plug(site, 2)
        assert starts(site)[-1] == (2, "B", 2)
        assert await reserve(site, 1, "D", identity=4) == "Occupied"
        await site.charge("A", 1)
        assert starts(site)[-1] == (1, "A", 1)

    play_reserving(story, connectors=3)


def test_its_own_connector_goes_before_any():
    """One idTag with two reservations."""

    async def story(site):
        assert await reserve(site, 0, "A", identity=1) == "Accepted"
        assert await reserve(site, 2, "A", identity=2) == "Accepted"
        await site.card("A")
        await plug(site, 2)
        assert starts(site) == [(2, "A", 2)]
        await site.charge("A", 1)
        assert starts(site) == [(2, "A", 2), (1, "A", 1)]

    play_reserving(story, connectors=2)


def test_one_made_for_the_idTag_goes_before_one_for_its_group():
    async def story(site):
        groups(site, B="G")
        assert await reserve(site, 0, "A", identity=1, parent="G") == "Accepted"
        assert await reserve(site, 0, "B", identity=2) == "Accepted"
        await site.charge("B", 1)
        assert starts(site) == [(1, "B", 2)] and await cancel(site, 1) == "Accepted"

    play_reserving(story, connectors=2)


def test_occupied_when_all_connectors_are_in_use():
    async def story(site):
        await site.charge("B", 1)
        await plug(site, 2)
        assert site.told(2)[-1] == "Preparing" and await reserve(site, 0) == "Occupied"
        await site.wait(61)
        assert site.told(2)[-1] == "Finishing" and await reserve(site, 0) == "Occupied"
        await plug(site, 2, False)
        assert await reserve(site, 0) == "Accepted"

    play_reserving(story, connectors=2)


def test_faulted_or_unavailable_when_all_are():
    """One connector that is occupied makes it Occupied (7.40)."""

    async def story(site):
        ask = site.central.ask
        for number in (1, 2):
            await ask("ChangeAvailability", connectorId=number, type="Inoperative")
        await site.settle()
        assert await reserve(site, 0) == "Unavailable"
        site.board.fault(1, "GroundFailure")
        await site.run(1000)
        assert await reserve(site, 0) == "Faulted"
        await ask("ChangeAvailability", connectorId=2, type="Operative")
        await site.card("B", 2)
        assert await reserve(site, 0) == "Occupied"
        await site.card("B", 2)
        assert await reserve(site, 0) == "Accepted"

    play_reserving(story, connectors=2)


def test_a_connector_that_is_kept_can_fail():
    """The reservation goes on, and the next connector is kept."""

    async def story(site):
        assert await reserve(site, 0, "A") == "Accepted"
        site.board.fault(1, "GroundFailure")
        await site.run(1000)
        await site.charge("B", 2)
        assert starts(site) == []
        await site.card("A", 2)
        await site.run(4000)
        assert starts(site) == [(2, "A", 1)]

    play_reserving(story, connectors=2)


def test_a_charge_point_that_becomes_unavailable_ends_it():
    """5.13 (3); one connector that does is of no matter."""

    async def story(site):
        ask = site.central.ask
        assert await reserve(site, 0, "A") == "Accepted"
        await ask("ChangeAvailability", connectorId=1, type="Inoperative")
        assert await cancel(site) == "Accepted" and await reserve(site, 0, "A") == "Accepted"
        await ask("ChangeAvailability", connectorId=0, type="Inoperative")
        assert await cancel(site) == "Rejected"

    play_reserving(story, connectors=2)


def test_a_claim_moves_to_the_other_connector():
    """It takes one of the two, whichever; so one remains."""

    async def story(site):
        assert await reserve(site, 0, "A") == "Accepted"
        await site.card("B")
        assert site.core.connectors[0].authorization
        await plug(site, 2)
        assert starts(site) == [(2, "B", None)] and site.told(1)[-1] == "Reserved"
        assert "Reserved" not in site.told(2)[site.told(2).index("Preparing") - 1 :]
        await site.card("C")
        assert not site.core.connectors[0].authorization
        await site.card("A")
        await plug(site, 1)
        assert starts(site)[-1] == (1, "A", 1)

    play_reserving(story, connectors=2)


def test_it_can_be_replaced_by_one_of_a_connector_and_back():
    async def story(site):
        for _ in range(2):
            assert await reserve(site, 0) == "Accepted"
            assert [site.told(number)[-1] for number in (1, 2)] == ["Available"] * 2
            assert await reserve(site, 2) == "Accepted"
            assert [site.told(number)[-1] for number in (1, 2)] == ["Available", "Reserved"]
        await site.charge("B", 1)
        assert await reserve(site, 0) == "Accepted", "the connector that it had is free for any"
        assert await reserve(site, 0, seconds=7200) == "Accepted"

    play_reserving(story, connectors=2)


def test_the_only_free_connector_shows_reserved():
    """OCA TC_049: a charge point with one connector, and one whose others are in use."""

    async def story(site):
        others = len(site.core.connectors) - 1
        for number in range(2, others + 2):
            await site.charge("B", number)
        assert await reserve(site, 0, "A") == "Accepted"
        assert site.told(1) == ["Available", "Reserved"] and site.told(0) == ["Available"]
        await plug(site, 1)
        assert site.told(1)[-1] == "Reserved", "a stranger's car is of no matter, as where the connector is reserved"
        await site.card("A", 1)
        await site.run(4000)
        assert site.told(1) == ["Available", "Reserved", "Preparing", "Charging"]
        assert starts(site)[-1] == (1, "A", 1)

    for connectors in (1, 2, 3):
        play_reserving(story, connectors=connectors)


def test_it_shows_reserved_when_and_as_long_as_it_is_the_last():
    """Others come and go: sessions, cars without one, faults, availability."""

    async def charge(site, begin):
        if begin:
            return await site.charge("B", 2)
        return await leave(site, "B", 2)

    async def car(site, begin):
        await plug(site, 2, begin)

    async def card(site, begin):
        await site.card("B", 2)

    async def fault(site, begin):
        site.board.fault(2, "GroundFailure" if begin else None)
        await site.run(2000)

    async def service(site, begin):
        kind = "Inoperative" if begin else "Operative"
        await site.central.ask("ChangeAvailability", connectorId=2, type=kind)
        await site.settle()

    for happens in (charge, car, card, fault, service):

        async def story(site, happens=happens):
            assert await reserve(site, 0, "A") == "Accepted"
            for _ in range(2):
                assert site.told(1)[-1] == "Available", happens
                await happens(site, True)
                assert site.told(1)[-1] == "Reserved", happens
                await happens(site, False)
            assert site.told(1) == ["Available", "Reserved", "Available", "Reserved", "Available"]
            assert "Reserved" not in site.told(2)

        play_reserving(story, connectors=2)


def test_as_many_show_reserved_as_are_needed():
    async def story(site):
        assert await reserve(site, 0, "A", identity=1) == "Accepted"
        assert await reserve(site, 0, "B", identity=2) == "Accepted"
        assert [site.told(number)[-1] for number in (1, 2, 3)] == ["Available"] * 3
        assert await reserve(site, 3, "C", identity=3) == "Accepted"
        assert [site.told(number)[-1] for number in (1, 2, 3)] == ["Reserved"] * 3
        assert await cancel(site, 2) == "Accepted"
        assert [site.told(number)[-1] for number in (1, 2, 3)] == ["Available", "Available", "Reserved"]

    play_reserving(story, connectors=3)


def test_the_holders_own_claim_reserves_no_second_connector():
    async def story(site):
        assert await reserve(site, 0, "A") == "Accepted"
        await site.card("A", 1)
        assert site.told(1)[-1] == "Preparing" and site.told(2) == ["Available"]
        await site.card("A", 1)
        assert [site.told(number)[-1] for number in (1, 2)] == ["Available"] * 2
        await site.charge("A", 1)
        assert starts(site) == [(1, "A", 1)] and site.told(2) == ["Available"]

    play_reserving(story, connectors=2)


def test_it_is_shown_again_after_a_restart():
    async def story(site):
        assert await reserve(site, 0, "A") == "Accepted"
        await site.restart()
        assert site.told(1)[-1] == "Reserved"
        assert await cancel(site) == "Accepted" and site.told(1)[-1] == "Available"

    play_reserving(story)
