"""What the base text says and is often missed, and defects of others, each test named after its row (1.6 x, defect)."""

import asyncio
import sys

from central_system import now
from charging import play, until
from profiles.core.calls.remote_stop_transaction import connector_of


def boot(site, status, interval):
    """BootNotification.conf from now on."""
    site.central.answers["BootNotification"] = {"status": status, "currentTime": now(), "interval": interval}


def test_1_6_4_2_rejected_neither_sends_nor_answers():
    """Whatever happens at the connectors, until the interval is over."""

    async def story(site):
        boot(site, "Rejected", 3600)
        await site.start()
        await until(lambda: site.engine.registration == "Rejected")
        await site.charge("A")
        asked = asyncio.create_task(site.central.ask("GetConfiguration", key=["ResetRetries"]))
        await site.wait(120)
        await asyncio.sleep_ms(50)
        assert not asked.done() and [action for action, _ in site.central.got] == ["BootNotification"]
        asked.cancel()

    play(story, start=False, keys={"AllowOfflineTxForUnknownId": "true", "ClockAlignedDataInterval": "60"})


def test_1_6_4_2_pending_answers_and_sends_nothing():
    async def story(site):
        boot(site, "Pending", 3600)
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        await site.charge("A")
        await site.wait(70)
        ask = site.central.ask
        await site.change(ResetRetries="1")
        assert await ask("RemoteStopTransaction", transactionId=-1) == {"status": "Rejected"}
        await site.card("A", 1)
        await site.run(2000)
        site.board.plug(1, False)
        await site.run(1000)
        assert await ask("RemoteStartTransaction", idTag="A", connectorId=1) == {"status": "Rejected"}
        assert await ask("UnlockConnector", connectorId=1) == {"status": "Unlocked"}
        assert [action for action, _ in site.central.got] == ["BootNotification"]
        assert site.engine.outbox.queued >= 3, "it waits"

    play(story, start=False, keys={"AllowOfflineTxForUnknownId": "true", "ClockAlignedDataInterval": "60"})


def test_1_6_4_2_interval_0_leaves_the_wait_to_the_charge_point():
    for status in ("Pending", "Rejected"):

        async def story(site, status=status):
            boot(site, status, 0)
            await site.start()
            await until(lambda: site.engine.registration == status)
            await asyncio.sleep_ms(300)
            assert len(site.central.got) == 1

        play(story, start=False)


class Vendor:
    """What an owner may put into vendors/org_example.py."""

    async def transfer(self, core, message_id, data):
        if message_id != "known":
            raise KeyError(message_id)
        return "Rejected", data


def test_1_6_4_3_an_unknown_vendor_and_an_unknown_message():
    """With the values of 7.23, and without data."""

    async def story(site):
        async def ask(**more):
            return await site.central.ask("DataTransfer", vendorId="org.example", **more)

        for more in ({}, {"messageId": "known"}, {"messageId": "m", "data": "d"}):
            assert await ask(**more) == {"status": "UnknownVendorId"}
        sys.modules["vendors.org_example"] = Vendor()
        try:
            assert await ask(messageId="other", data="d") == {"status": "UnknownMessageId"}
            assert await ask(messageId="known", data="d") == {"status": "Rejected", "data": "d"}
        finally:
            del sys.modules["vendors.org_example"]

    play(story)


def test_1_6_9_an_optional_boolean_key_exists_only_with_its_function():
    async def story(site):
        names = ["LocalAuthListEnabled", "ReserveConnectorZeroSupported", "ConnectorSwitch3to1PhaseSupported"]
        answer = await site.central.ask("GetConfiguration", key=names)
        assert answer["configurationKey"] == [] and sorted(answer["unknownKey"]) == sorted(names)
        for name in names:
            answer = await site.central.ask("ChangeConfiguration", key=name, value="true")
            assert answer == {"status": "NotSupported"}

    play(story, keys={"SupportedFeatureProfiles": "Core"})


def test_defect_many_short_starts_lose_nothing():
    """No number of power cuts makes a charge point forget transactions, keys, cache or availability."""

    async def story(site):
        await site.change(ResetRetries="7")
        await site.central.ask("ChangeAvailability", connectorId=2, type="Inoperative")
        site.central.answers["StartTransaction"] = None
        await site.charge("A", 1)
        site.central.connected = site.boot = False
        for _ in range(12):
            site.stop()
            site.start_over()
            site.board.ev(1, "C")
            await site.start()
            await site.run(500)
        assert site.core.connectors[0].transaction.id_tag == "A" and site.engine.outbox.queued == 1
        site.central.answers.update(site.central.usual())
        site.central.back()
        await until(lambda: connector_of(site.core, 101))
        await site.run(8000)
        assert site.told(1)[-1] == "Charging" and site.told(2)[-1] == "Unavailable"
        answer = await site.central.ask("GetConfiguration", key=["ResetRetries"])
        assert answer["configurationKey"][0]["value"] == "7"
        await site.card("A", 1)
        await site.run(2000)
        assert [payload["transactionId"] for payload in site.central.of("StopTransaction")] == [101]
        assert len({payload["timestamp"] for payload in site.central.of("StartTransaction")}) == 1

    play(story, connectors=2)
