"""Who may charge at a reserved connector, and what the session tells of it (1.6 3.10, 4.8, 4.9, 5.13)."""

from charging import play
from reserving import cancel, groups, leave, play_reserving, plug, refused, reserve, starts

from profiles.local_auth import LocalAuth
from profiles.reservation import Reservation


def test_E_3_74_the_reserved_idTag_in_any_case_charges_and_that_ends_the_reservation():
    """4.9 G2."""

    async def story(site):
        assert await reserve(site, id_tag="Card") == "Accepted"
        await site.card("cARD", 1)
        assert site.told() == ["Available", "Reserved", "Preparing"]
        await plug(site)
        assert starts(site) == [(1, "cARD", 1)] and await cancel(site) == "Rejected"
        await leave(site, "card")
        assert site.told() == ["Available", "Reserved", "Preparing", "Charging", "Finishing", "Available"]
        await site.charge("B")
        assert starts(site)[-1] == (1, "B", None)

    play_reserving(story)


def test_another_idTag_is_refused_and_nobody_is_asked():
    async def story(site):
        assert await reserve(site, id_tag="A") == "Accepted"
        assert await refused(site, "B", 1) and await refused(site, "B")
        await site.card("B", 1)
        await plug(site)
        await site.card("B", 1)
        await site.run(4000)
        assert starts(site) == [] and not site.evses[0].contactor_closed
        assert site.central.of("Authorize") == [] and site.told() == ["Available", "Reserved"]
        await site.card("A", 1)
        await site.run(4000)
        assert starts(site) == [(1, "A", 1)] and site.evses[0].contactor_closed
        assert site.told() == ["Available", "Reserved", "Preparing", "Charging"]

    play_reserving(story)


def test_plugging_changes_nothing_at_a_reserved_connector():
    """4.9: there is no way from Reserved to Preparing but the reserved identity."""

    async def story(site):
        assert await reserve(site) == "Accepted"
        for _ in range(2):
            await plug(site)
            await plug(site, 1, False)
        await plug(site)
        await site.wait(100)
        assert site.told() == ["Available", "Reserved"]
        assert await cancel(site) == "Accepted"
        assert site.told() == ["Available", "Reserved", "Available", "Preparing"], "G1, then A2: a car is there"
        await site.wait(61)
        assert site.told()[-1] == "Finishing", "ConnectionTimeOut counts from Preparing (E 3.21)"

    play_reserving(story)


def test_a_claim_that_is_taken_back_or_times_out_leaves_it_reserved():
    """4.9: B1 and A7, for there is no way from Preparing to Reserved."""

    async def story(site):
        assert await reserve(site) == "Accepted"
        back = ["Preparing", "Available", "Reserved"]
        await site.card("A", 1)
        await site.card("A", 1)
        assert site.told()[2:] == back
        await site.card("A", 1)
        await site.wait(61)
        assert site.told()[2:] == back + back
        await site.card("A", 1)
        await plug(site)
        assert starts(site) == [(1, "A", 1)]

    play_reserving(story)


def test_an_idTag_that_is_not_authorized_cannot_use_its_reservation():
    async def story(site):
        assert await reserve(site) == "Accepted"
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
        assert await refused(site, "A", 1) == "Blocked" and site.told() == ["Available", "Reserved"]

    play_reserving(story)


def test_the_group_of_the_reservation_may_charge():
    """3.10, 5.13: as Authorize.conf tells; a parentIdTag has no case, and is not compared with an idTag."""

    async def story(site):
        groups(site, B="group", C="OTHER")
        assert await reserve(site, id_tag="A", parent="Group") == "Accepted"
        for stranger in ("C", "D", "Group"):
            assert await refused(site, stranger, 1) == "the connector is in use or reserved"
        assert len(site.central.of("Authorize")) == 3
        await site.charge("B")
        assert starts(site) == [(1, "B", 1)] and await cancel(site) == "Rejected"

    play_reserving(story)


def test_E_4_12_authorize_without_a_parentIdTag_is_no_group():
    async def story(site):
        assert await reserve(site, id_tag="A", parent="G") == "Accepted"
        assert await refused(site, "B", 1) == "the connector is in use or reserved"
        assert len(site.central.of("Authorize")) == 1 and site.told() == ["Available", "Reserved"]

    play_reserving(story)


def test_without_a_parentIdTag_in_the_reservation_the_group_is_of_no_use():
    async def story(site):
        groups(site, A="G", B="G")
        assert await reserve(site, id_tag="A") == "Accepted"
        await site.charge("B")
        assert starts(site) == []

    play_reserving(story)


def test_the_group_is_known_from_the_cache():
    """Offline, or with LocalPreAuthorize: what the central system had answered last (5.13)."""
    for keys in ({"LocalPreAuthorize": "true"}, {}):

        async def story(site, keys=keys):
            groups(site, B="G")
            site.central.answers["StartTransaction"] = lambda payload: site.central.started("Accepted", parentIdTag="G")
            await site.charge("B")
            await leave(site, "B")
            asked = len(site.central.of("Authorize"))
            assert await reserve(site, id_tag="A", parent="G") == "Accepted"
            if not keys:
                site.central.lose()
            await site.charge("B")
            site.central.back()
            await site.settle()
            assert starts(site)[-1] == (1, "B", 1) and len(site.central.of("Authorize")) == asked

        play_reserving(story, keys=keys)


def test_the_group_is_known_from_the_local_authorization_list():
    """5.13, 3.5.3: offline and with LocalPreAuthorize; an entry without a parentIdTag is of no use."""

    async def story(site):
        entries = [{"idTag": "B", "idTagInfo": {"status": "Accepted", "parentIdTag": "G"}},
                   {"idTag": "C", "idTagInfo": {"status": "Accepted"}}]
        full = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
        answer = await site.central.ask("SendLocalList", **full)
        assert answer == {"status": "Accepted"}
        for online in (True, False):
            assert await reserve(site, id_tag="A", parent="G", identity=5) == "Accepted"
            if not online:
                site.central.lose()
            await site.charge("C")
            await plug(site, 1, False)
            await site.charge("B")
            assert site.evses[0].contactor_closed
            await leave(site, "B")
        site.central.back()
        await site.settle()
        assert starts(site) == [(1, "B", 5)] * 2
        assert [payload["idTag"] for payload in site.central.of("Authorize")] == ["C"], "it may be of the group"

    keys = {"LocalPreAuthorize": "true", "LocalAuthListEnabled": "true"}
    play(story, profiles=(LocalAuth, Reservation), keys=keys)


def test_a_group_that_the_cache_does_not_know_is_asked_for():
    """5.13: SHALL send Authorize.req, also where LocalPreAuthorize would do without; for no other connector, though."""

    async def story(site):
        await site.charge("B")
        await leave(site, "B")
        groups(site, B="G")
        asked = len(site.central.of("Authorize"))
        assert await reserve(site, 1, "A", parent="G") == "Accepted"
        await site.card("B")
        assert site.core.connectors[1].authorization and len(site.central.of("Authorize")) == asked
        await site.card("B")
        await site.charge("B", 1)
        assert starts(site)[-1] == (1, "B", 1) and len(site.central.of("Authorize")) == asked + 1

    play_reserving(story, connectors=2, keys={"LocalPreAuthorize": "true"})


def test_offline_the_reserved_idTag_is_served_as_any_other():
    async def story(site):
        assert await reserve(site, id_tag="A") == "Accepted"
        site.central.lose()
        await site.charge("B")
        assert not site.evses[0].contactor_closed
        await plug(site, 1, False)
        await site.charge("A")
        assert site.evses[0].contactor_closed
        site.central.back()
        await site.settle()
        assert starts(site) == [(1, "A", 1)]

    play_reserving(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_a_reader_for_all_connectors_gives_the_reserved_one_to_whom_it_is_for():
    """And the others to everybody else."""

    async def story(site):
        assert await reserve(site, 2, "A") == "Accepted"
        await site.card("A")
        assert site.core.connectors[1].authorization[0] == "A"
        await site.card("A")
        await site.card("B")
        assert site.core.connectors[0].authorization[0] == "B"
        assert await refused(site, "C") == "no connector is free"
        await site.card("A")
        assert site.core.connectors[1].authorization[0] == "A"

    play_reserving(story, connectors=2)


def test_a_claim_moves_to_the_car_but_not_to_what_is_reserved_for_another():
    async def story(site):
        assert await reserve(site, 2, "A") == "Accepted"
        await site.card("B")
        await plug(site, 2)
        assert starts(site) == [] and site.told(2)[-1] == "Reserved" and site.told(1)[-1] == "Preparing"
        await plug(site, 1)
        assert starts(site) == [(1, "B", None)]

    play_reserving(story, connectors=2)


def test_who_charges_elsewhere_keeps_his_reservation():
    """5.13 (1): it ends with a transaction on the reserved connector."""

    async def story(site):
        assert await reserve(site, 2, "A") == "Accepted"
        await site.charge("A", 1)
        assert starts(site) == [(1, "A", None)] and site.told(2)[-1] == "Reserved"
        assert await cancel(site) == "Accepted"

    play_reserving(story, connectors=2)
