# micropython only: it has littlefs
"""Flash that is full or read-only: the charge point starts, charges, delivers, and is whole again with the room."""

import asyncio

from charging import until
from storage import billing, empty, fill, lock, mounted, of_session, play, room, session

from profiles.core.connector_status import STORAGE

KEYS = {"AllowOfflineTxForUnknownId": "true", "StopTxnSampledData": "Energy.Active.Import.Register",
        "MeterValueSampleInterval": "20"}


def errors(site, number):
    return [(p["status"], p["errorCode"], p.get("info")) for p in site.central.of("StatusNotification")
            if p["connectorId"] == number]


async def whole(site, flash=None):
    """There is room: everything is on flash, and the error is over."""
    assert site.engine.store.waiting
    if flash:
        lock(flash, False)
    else:
        empty()
    room(site)
    assert site.engine.store.waiting == []
    await site.run(100)
    for number in (0, 1):
        assert errors(site, number)[-1][1] == "NoError", errors(site, number)


async def after(site):
    """A restart finds nothing that was reported already, and nothing that was not."""
    before = billing(site)
    await site.restart()
    assert site.engine.outbox.queued == 0 and billing(site) == before
    await session(site, "Z")
    assert billing(site) == before + of_session("Z", len(site.central.transactions) + 100)


def test_it_starts_and_charges_with_a_store_that_was_full_from_the_beginning():
    mounted()
    fill()

    async def story(site):
        for number in (0, 1):
            assert errors(site, number) == [("Available", "OtherError", "storage")], errors(site, number)
        await session(site, "A")
        await session(site, "B")
        assert billing(site) == of_session("A", 101) + of_session("B", 102)
        data = site.central.of("StopTransaction")[0]["transactionData"]
        assert [one["sampledValue"][0]["context"] for one in (data[0], data[-1])] == [
            "Transaction.Begin", "Transaction.End"]
        assert len(site.central.of("MeterValues")) == 6, len(site.central.of("MeterValues"))
        assert len(site.engine.store.waiting) < 12, site.engine.store.waiting
        await whole(site)
        await after(site)

    assert len(play(story, keys=KEYS)) == 1


def test_a_store_that_becomes_full_in_a_session():
    mounted()

    async def story(site):
        await site.charge("A")
        fill()
        await site.wait(25)
        assert errors(site, 1)[-1] == ("Charging",) + STORAGE[:2], (errors(site, 1), site.engine.store.waiting)
        await site.card("A", 1)
        await site.run(2000)
        assert site.told()[-1] == "Finishing OtherError" and billing(site) == of_session("A", 101)
        site.board.plug(1, False)
        await site.run(1000)
        await session(site, "B")
        await whole(site)
        await after(site)

    assert len(play(story, keys=KEYS)) == 1


def test_a_stop_without_flash_and_network_waits_in_memory():
    """No other transaction begins meanwhile, for neither flash nor the central system would know of it."""
    mounted()

    async def story(site):
        await site.charge("A")
        site.central.lose()
        fill()
        await site.wait(25)
        await site.card("A", 1)
        await site.run(2000)
        assert site.core.connectors[0].transaction is None
        site.board.plug(1, False)
        await site.run(1000)
        await site.charge("B")
        assert site.core.connectors[0].transaction is None and not site.evses[0].contactor_closed
        site.board.plug(1, False)
        await site.run(1000)
        site.central.back()
        await site.settle()
        assert billing(site) == of_session("A", 101)
        await session(site, "C")
        assert billing(site) == of_session("A", 101) + of_session("C", 102)
        await whole(site)
        await after(site)

    play(story, keys=KEYS)


def test_what_waits_in_memory_is_on_flash_as_soon_as_there_is_room():
    mounted()

    async def story(site):
        await site.charge("A")
        site.central.lose()
        fill()
        await site.wait(25)
        await site.card("A", 1)
        await site.run(2000)
        empty()
        room(site)
        assert not site.engine.store.waiting
        site.central.connected = True
        await site.restart()
        await site.settle()
        assert billing(site) == of_session("A", 101) and site.engine.outbox.queued == 0

    play(story, keys=KEYS)


async def offline(site):
    site.boot = site.central.connected = False
    await site.start()


def test_what_is_queued_is_delivered_from_a_full_store():
    """The room that comes with it is used."""
    mounted()

    async def before(site):
        await offline(site)
        await session(site, "A")
        await session(site, "B")

    async def story(site):
        await site.settle()
        assert billing(site)[:4] == of_session("A", 101) + of_session("B", 102)
        await session(site, "C")
        assert billing(site)[4:] == of_session("C", 103)
        empty()
        room(site)
        await after(site)

    play(before, start=False, keys=KEYS)
    fill()
    play(story, keys=KEYS)


def test_a_read_only_store():
    """All of it from the start, with a queue; what the central system asks to be kept holds or is refused."""
    flash = mounted()

    async def before(site):
        await offline(site)
        await session(site, "A")

    async def story(site):
        await site.settle()
        assert billing(site) == of_session("A", 101)
        assert errors(site, 0)[-1][1:] == STORAGE[:2]
        await session(site, "B")
        assert billing(site)[2:] == of_session("B", 102)
        assert await site.central.ask("ChangeConfiguration", key="ResetRetries", value="1") == {"status": "Accepted"}
        answer = await site.central.ask("GetConfiguration", key=["ResetRetries"])
        assert answer["configurationKey"][0]["value"] == "1"
        answer = await site.central.ask("ChangeAvailability", connectorId=1, type="Inoperative")
        await site.settle()
        assert answer == {"status": "Accepted"} and site.told()[-1] == "Unavailable OtherError", site.told()
        await site.central.ask("ChangeAvailability", connectorId=1, type="Operative")
        await whole(site, flash)
        await after(site)
        assert site.engine.keys["ResetRetries"] == 1

    play(before, start=False, keys=KEYS)
    lock(flash, True)
    assert len(play(story, keys=KEYS)) == 1


def test_a_message_id_never_comes_again_for_another_message():
    """After restarts with storage that cannot be written the numbers of the messages do come again."""
    flash = mounted()

    async def nothing(site):
        pass

    async def story(site):
        for identity in (101, 102, 103):
            await session(site, "CARD%d" % identity)
            assert billing(site)[-2:] == of_session("CARD%d" % identity, identity), billing(site)
            await site.restart()

    play(nothing, keys=KEYS)
    lock(flash, True)
    play(story, keys=KEYS)


def test_a_reset_delivers_what_is_only_in_memory():
    mounted()

    async def story(site):
        await site.charge("A")
        fill()
        assert await site.central.ask("Reset", type="Hard") == {"status": "Accepted"}
        while site.core.connectors[0].transaction:
            await site.run(100)
            await asyncio.sleep_ms(5)
        await until(lambda: site.restarted)
        assert billing(site) == of_session("A", 101, "HardReset")

    play(story, keys=KEYS)


def test_meter_values_in_memory_are_few():
    mounted()

    async def story(site):
        await site.charge("A")
        site.central.lose()
        fill()
        await site.wait(600)
        assert site.engine.outbox.thinned > 20 and len(site.engine.store.waiting) < 20, (
            site.engine.outbox.thinned, site.engine.store.waiting)
        await site.card("A", 1)
        await site.run(2000)
        site.central.back()
        await site.settle()
        assert billing(site) == of_session("A", 101) and site.engine.outbox.queued == 0

    play(story, keys=KEYS)
