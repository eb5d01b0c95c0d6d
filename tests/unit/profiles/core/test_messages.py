"""What the central system asks of the Core profile, message by message (1.6 5, E 3.32 - 3.36, 3.87)."""

import asyncio
import sys

from charging import play, until


def test_remote_start_and_stop():
    async def story(site):
        ask = site.central.ask
        assert await ask("RemoteStartTransaction", idTag="A", connectorId=1) == {"status": "Accepted"}
        await site.settle()
        assert site.central.of("Authorize") == [{"idTag": "A"}] and site.told()[-1] == "Preparing"
        site.board.ev(1, "C")
        await site.run(4000)
        assert site.central.of("StartTransaction")[0]["idTag"] == "A"
        assert await ask("RemoteStartTransaction", idTag="B", connectorId=1) == {"status": "Rejected"}
        assert await ask("RemoteStopTransaction", transactionId=7) == {"status": "Rejected"}
        assert await ask("RemoteStopTransaction", transactionId=101) == {"status": "Accepted"}
        await site.run(2000)
        stop = site.central.of("StopTransaction")[0]
        assert stop["reason"] == "Remote" and "idTag" not in stop
        assert await ask("RemoteStopTransaction", transactionId=101) == {"status": "Rejected"}

    play(story)


def test_remote_start_without_a_connector_takes_the_one_with_a_car():
    async def story(site):
        site.board.plug(2, True)
        await site.run(1000)
        assert await site.central.ask("RemoteStartTransaction", idTag="A") == {"status": "Accepted"}
        await site.settle()
        await site.run(1000)
        assert site.central.of("StartTransaction")[0]["connectorId"] == 2
        for number in (0, 3, -1):
            answer = await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=number)
            assert answer == {"status": "Rejected"}

    play(story, connectors=2)


def test_unlock_connector():
    async def story(site):
        ask = site.central.ask
        assert await ask("UnlockConnector", connectorId=2) == {"status": "NotSupported"}
        assert await ask("UnlockConnector", connectorId=1) == {"status": "Unlocked"}

    play(story)


def test_unlock_connector_stops_the_transaction():
    """E 3.87: the answer comes when the lock has moved."""

    async def story(site):
        await site.charge()

        async def ask():
            answers.append(await site.central.ask("UnlockConnector", connectorId=1))

        answers = []
        site.engine.spawn(ask)
        await site.run(100)
        assert answers == [] and site.evses[0].locked
        while not answers:
            await site.run(20)
            await asyncio.sleep_ms(1)
        assert answers == [{"status": "Unlocked"}] and not site.evses[0].locked
        assert site.central.of("StopTransaction")[0]["reason"] == "UnlockCommand"

    play(story)


def test_unlock_of_a_tethered_cable():
    async def story(site):
        assert await site.central.ask("UnlockConnector", connectorId=1) == {"status": "NotSupported"}

    play(story, board={"cable": "tethered"})


def test_reset_ends_transactions_first():
    """E 3.36: Soft delivers what is queued, Hard does not wait for it."""
    for kind in ("Soft", "Hard"):

        async def story(site, kind=kind):
            await site.charge()
            assert await site.central.ask("Reset", type=kind) == {"status": "Accepted"}
            for _ in range(40):
                await site.run(100)
            await until(lambda: site.restarted)
            assert site.central.closed
            assert site.central.of("StopTransaction")[0]["reason"] == kind + "Reset"

        play(story)


def test_soft_reset_waits_for_the_queue_and_hard_does_not():
    async def story(site):
        site.central.answers["MeterValues"] = None
        site.engine.outbox.add(0, "M", [1, [[0, 0, [[230, 3, 4]]]]])
        await site.central.ask("Reset", type="Soft")
        await site.settle()
        assert not site.restarted and site.engine.outbox.queued == 1
        await site.wait(31)
        await until(lambda: site.restarted)

    play(story)


def test_availability_of_one_connector():
    async def story(site):
        ask = site.central.ask
        assert await ask("ChangeAvailability", connectorId=1, type="Inoperative") == {"status": "Accepted"}
        await site.settle()
        assert site.told(1)[-1] == "Unavailable" and site.told(2)[-1] == site.told(0)[-1] == "Available"
        await site.restart()
        assert site.told(1)[-1] == "Unavailable" and site.told(2)[-1] == "Available"
        assert await ask("RemoteStartTransaction", idTag="A", connectorId=1) == {"status": "Rejected"}
        assert await ask("ChangeAvailability", connectorId=1, type="Operative") == {"status": "Accepted"}
        await site.settle()
        assert site.told(1)[-1] == "Available"
        for number in (3, -1):
            assert await ask("ChangeAvailability", connectorId=number, type="Operative") == {"status": "Rejected"}

    play(story, connectors=2)


def test_availability_of_all():
    """1.6 5.2: 0 is the charge point and all connectors."""

    async def story(site):
        ask = site.central.ask
        assert await ask("ChangeAvailability", connectorId=0, type="Inoperative") == {"status": "Accepted"}
        await site.settle()
        assert [site.told(number)[-1] for number in range(3)] == ["Unavailable"] * 3
        await site.restart()
        assert [site.told(number)[-1] for number in range(3)] == ["Unavailable"] * 3
        await ask("ChangeAvailability", connectorId=0, type="Operative")
        await site.settle()
        assert [site.told(number)[-1] for number in range(3)] == ["Available"] * 3

    play(story, connectors=2)


def test_availability_is_scheduled_while_a_transaction_runs():
    async def story(site):
        await site.charge()
        ask = site.central.ask
        assert await ask("ChangeAvailability", connectorId=1, type="Inoperative") == {"status": "Scheduled"}
        await site.run(1000)
        assert site.told()[-1] == "Charging"
        await site.card("A", 1)
        site.board.plug(1, False)
        await site.run(3000)
        assert site.told()[-1] == "Unavailable"

    play(story)


def test_inoperative_while_preparing_goes_through_available():
    """1.6 4.9: there is no way from Preparing to Unavailable."""

    async def story(site):
        await site.card("A", 1)
        await site.central.ask("ChangeAvailability", connectorId=1, type="Inoperative")
        await site.settle()
        assert site.told() == ["Available", "Preparing", "Available", "Unavailable"]

    play(story)


class Vendor:
    """What an owner would put into vendors/com_acme.py."""

    async def transfer(self, core, message_id, data):
        if message_id == "unknown":
            raise KeyError(message_id)
        return "Accepted", data


def test_data_transfer():
    async def story(site):
        ask = site.central.ask
        assert await ask("DataTransfer", vendorId="com.acme") == {"status": "UnknownVendorId"}
        sys.modules["vendors.com_acme"] = Vendor()
        try:
            assert await ask("DataTransfer", vendorId="com.acme") == {"status": "Accepted"}
            answer = await ask("DataTransfer", vendorId="com.acme", messageId="m", data="d")
            assert answer == {"status": "Accepted", "data": "d"}
            answer = await ask("DataTransfer", vendorId="com.acme", messageId="unknown")
            assert answer == {"status": "UnknownMessageId"}
            for vendor in ("..", "/etc", "core", ""):
                assert await ask("DataTransfer", vendorId=vendor) == {"status": "UnknownVendorId"}, vendor
        finally:
            del sys.modules["vendors.com_acme"]

    play(story)
