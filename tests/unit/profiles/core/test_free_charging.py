"""Free charging: everybody who plugs in charges on the idTag of the owner (profiles/core/free_charging.py)."""

from free_charging import play, remote_stop, stops, unplug
from reserving import cancel, plug, remote, reserve, starts


def test_plugging_in_starts_a_transaction():
    """On the idTag of the owner, of which nobody is asked; unplugging ends it, and the next car is another."""

    async def story(site):
        await plug(site)
        assert starts(site) == [(1, "FREE", None)] and not site.central.of("Authorize")
        assert site.told() == ["Available", "Preparing", "Charging"]
        await unplug(site)
        assert stops(site) == ["EVDisconnected"] and site.told()[-1] == "Available"
        await plug(site)
        assert len(starts(site)) == 2

    for cable in ("socket", "tethered"):
        play(story, board={"free_id_tag": "FREE", "cable": cable})


def test_elsewhere_a_card_is_needed():
    async def story(site):
        site.core.connectors[1].free_id_tag = None
        await plug(site, 2)
        assert starts(site) == [] and site.told(2)[-1] == "Preparing"

    play(story, connectors=2)


def test_a_connector_out_of_service():
    """And back: the car that waits is served then, one that has charged is not."""

    async def change(site, kind, number):
        await site.central.ask("ChangeAvailability", connectorId=number, type=kind)
        await site.run(3000)

    async def story(site):
        for number in (0, 1):
            await change(site, "Inoperative", number)
            await plug(site)
            count = len(starts(site))
            assert site.told()[-1] == "Unavailable" and not site.evses[0].locked
            await change(site, "Operative", number)
            assert len(starts(site)) == count + 1
            assert await remote_stop(site) == "Accepted"
            await change(site, "Inoperative", number)
            await change(site, "Operative", number)
            assert len(starts(site)) == count + 1
            await unplug(site)

    play(story)


def test_a_reserved_connector():
    """5.13: for its holder; and when the reservation is over, for the car that is there."""
    for number in (0, 1):

        async def story(site, number=number):
            assert await reserve(site, number, "A") == "Accepted"
            await plug(site)
            assert starts(site) == [] and site.told()[-1] == "Reserved"
            await site.card("A", 1)
            await site.run(4000)
            assert starts(site) == [(1, "A", 1)]
            await unplug(site)
            assert await reserve(site, number, "A", 2) == "Accepted"
            await plug(site)
            assert await cancel(site, 2) == "Accepted"
            await site.run(4000)
            assert starts(site)[1:] == [(1, "FREE", None)]

        play(story)


def test_a_reservation_for_the_free_idTag_itself():
    async def story(site):
        assert await reserve(site, 1, "FREE", 7) == "Accepted"
        await plug(site)
        assert starts(site) == [(1, "FREE", 7)]

    play(story)


def test_a_fault_when_the_car_comes():
    async def story(site):
        site.board.fault(1, "GroundFailure")
        await plug(site)
        await site.wait(120)
        assert starts(site) == []
        site.board.fault(1, None)
        await site.run(4000)
        assert starts(site) == [(1, "FREE", None)]

    play(story)


def test_offline():
    async def story(site):
        site.central.lose()
        await plug(site)
        assert site.evses[0].contactor_closed and starts(site) == []
        site.central.back()
        await site.settle()
        assert starts(site) == [(1, "FREE", None)]

    play(story)


def test_a_card_or_a_remote_start_that_comes_first():
    for present in (lambda site: site.card("A", 1), lambda site: site.card("A"), lambda site: remote(site, "A", 1)):

        async def story(site, present=present):
            await present(site)
            await plug(site)
            assert starts(site) == [(1, "A", None)]
            await site.card("A", 1)
            await site.wait(30)
            assert stops(site) == ["Local"] and len(starts(site)) == 1

        play(story)


def test_a_card_that_is_being_decided_on_goes_first():
    async def story(site):
        site.central.answers["Authorize"] = None
        await site.card("A", 1)
        await plug(site)
        assert starts(site) == []
        site.central.rpc.receive(b'[3,"%s",{"idTagInfo":{"status":"Accepted"}}]' % site.central.ids[-1].encode())
        await site.settle()
        await site.run(4000)
        assert starts(site) == [(1, "A", None)]

    play(story)


def test_a_card_that_is_refused_leaves_the_connector_free():
    async def story(site):
        site.central.answers["Authorize"] = None
        await site.card("A", 1)
        await plug(site)
        site.central.rpc.receive(b'[3,"%s",{"idTagInfo":{"status":"Blocked"}}]' % site.central.ids[-1].encode())
        await site.settle()
        await site.wait(2)
        await site.run(4000)
        assert starts(site) == [(1, "FREE", None)]

    play(story)


def test_a_remote_start_with_another_idTag():
    """Rejected while a free session runs; after its stop it starts one for the same car."""

    async def story(site):
        await plug(site)
        assert await remote(site, "A", 1) == "Rejected" and await remote(site, "A") == "Rejected"
        assert await remote_stop(site) == "Accepted"
        assert await remote(site, "A", 1) == "Accepted"
        await site.run(4000)
        assert starts(site) == [(1, "FREE", None), (1, "A", None)]
        assert await remote_stop(site) == "Accepted"
        await site.wait(60)
        assert len(starts(site)) == 2

    play(story)


def test_an_idTag_that_the_central_system_does_not_accept():
    """3.5.4: it stops, once; nobody has a card for the cable, so it is given back."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("Invalid")
        await plug(site)
        await site.wait(60)
        assert stops(site) == ["DeAuthorized"] and len(starts(site)) == 1
        assert not site.evses[0].locked and not site.core.connectors[0].cable_holder
        await unplug(site)
        assert site.told()[-1] == "Available"

    play(story)


def test_no_room_for_messages():
    """Nothing starts that could not be billed; it does when there is room again."""

    class Full:
        full = True

    async def story(site):
        outbox = site.engine.outbox
        site.engine.outbox = Full()
        await plug(site)
        site.engine.outbox = outbox
        assert starts(site) == [] and not site.evses[0].permitted
        await site.wait(1)
        await site.run(4000)
        assert starts(site) == [(1, "FREE", None)]

    play(story)
