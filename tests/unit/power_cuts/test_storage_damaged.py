"""What is damaged or missing of other records after a restart is logged, and a transaction is ended all the same."""

import os

from damaged_storage import KEYS, WAYS, back, damaged, files, spoil

from profiles.local_auth import LocalAuth
from profiles.smart_charging import SmartCharging

PROFILE = {"chargingProfileId": 5, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile",
           "chargingProfileKind": "Relative",
           "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}]}}
LIST = [{"idTag": "A", "idTagInfo": {"status": "Accepted"}}]


def stopped(site):
    return [(p["transactionId"], p["reason"]) for p in site.central.of("StopTransaction")]


def test_a_running_transaction_whose_record_is_damaged_is_ended():
    """Each slot damaged, emptied or missing, and all of them; with the register that was stored last."""
    for slots in ((0,), (1,), (0, 1)):
        for way in WAYS:

            async def story(site, lines, slots=slots, way=way):
                connector = await site.charge("A")
                # The record is saved for a second time.
                connector.transaction.record["parent"] = "P"
                connector.core.engine.store.save("tx1", connector.transaction.record)
                await site.wait(31)
                energy = connector.evse.devices.meter.energy_wh
                for slot in slots:
                    way(site.path + "/tx1.%d" % slot)
                await back(site, lines)
                if way is os.remove and len(slots) == 1:
                    await site.wait(11)  # the other slot is whole
                    await site.run(2000)
                    assert stopped(site) == [(101, "PowerLoss")]
                else:
                    assert stopped(site) == [(101, "Other")], (slots, way, stopped(site))
                    assert len(lines.of("transaction 1 ")) == 1, lines.got
                stop = site.central.of("StopTransaction")[0]
                assert energy - 40 <= stop["meterStop"] <= energy, (stop, energy)
                assert stop["transactionData"], "what was kept of it is told"
                assert not files(site, "tx") and not files(site, "td")
                await site.charge("B")
                assert site.core.id_of(site.core.connectors[0].transaction) == 102
                await site.restart()
                assert len(stopped(site)) == 1

            damaged(story, keys=KEYS)


def test_its_start_may_still_be_in_the_queue():
    async def story(site, lines):
        await site.charge("Z", 2)
        await site.card("Z", 2)
        await site.run(2000)
        site.central.lose()
        await site.charge("A", 2)
        await site.charge("B", 1)
        await site.wait(11)
        for name in files(site, "tx2"):
            spoil(name)
        site.boot = False
        await site.restart()
        assert len(lines.of("is ended with what is known")) == 1, lines.got
        await back(site, lines)
        await site.wait(11)
        await site.run(2000)
        assert sorted(stopped(site)) == [(101, "Local"), (102, "Other"), (103, "PowerLoss")], stopped(site)
        starts = site.central.of("StartTransaction")
        for identity, payload in zip((101, 102, 103), starts):
            stop = [p for p in site.central.of("StopTransaction") if p["transactionId"] == identity][0]
            assert stop["meterStop"] >= payload["meterStart"], (payload, stop)

    damaged(story, keys=KEYS, connectors=2)


def test_a_stop_that_was_queued_is_not_sent_twice():
    """The newest version of the record, which has the stop, is damaged; the older one has not."""

    async def story(site, lines):
        await site.charge("A")
        site.central.lose()
        store = site.engine.store
        kept = {}
        remove = store.remove

        def keep(name):
            if name == "tx1":  # the power goes before that
                kept.update({one: open(one, "rb").read() for one in files(site, "tx1")})
            remove(name)

        store.remove = keep
        await site.card("A", 1)
        await site.run(2000)
        assert len(kept) == 2
        for name, text in kept.items():
            with open(name, "wb") as file:
                file.write(text)
        newest = [name for name, text in kept.items() if b'"stop"' in text]
        spoil(newest[0])
        await back(site, lines)
        assert stopped(site) == [(101, "Local")], stopped(site)
        assert not files(site, "tx")

    damaged(story, keys=KEYS)


def test_charging_profiles():
    for way in WAYS:

        async def story(site, lines, way=way):
            for identity in (5, 6):
                profile = dict(PROFILE, chargingProfileId=identity, stackLevel=identity)
                answer = await site.central.ask("SetChargingProfile", connectorId=0, csChargingProfiles=profile)
                assert answer == {"status": "Accepted"}
            await site.restart()
            assert not lines.got, lines.got
            way(files(site, "charging_profile.0.1.6")[0])
            await back(site, lines)
            assert lines.of("profile"), (way, lines.got)
            del lines.got[:]
            await site.restart()
            assert not lines.got, lines.got
            assert await site.central.ask("ClearChargingProfile") == {"status": "Accepted"}
            await site.restart()
            assert not lines.got, lines.got

        damaged(story, keys=KEYS, profiles=(SmartCharging,))


def test_the_local_authorization_list():
    for way in WAYS:

        async def story(site, lines, way=way):
            message = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": LIST}
            assert await site.central.ask("SendLocalList", **message) == {"status": "Accepted"}
            await site.restart()
            assert not lines.got, lines.got
            way(site.path + "/list")
            await back(site, lines)
            assert len(lines.of("local authorization list")) == 1, (way, lines.got)
            assert await site.central.ask("GetLocalListVersion") == {"listVersion": 0}
            del lines.got[:]
            await site.restart()
            assert not lines.got, lines.got
            message["listVersion"] = 4
            assert await site.central.ask("SendLocalList", **message) == {"status": "Accepted"}
            message["listVersion"], message["localAuthorizationList"] = 5, []
            assert await site.central.ask("SendLocalList", **message) == {"status": "Accepted"}
            await site.restart()
            assert not lines.got, lines.got

        damaged(story, keys=KEYS, profiles=(LocalAuth,))


def test_other_records():
    """Keys and availability; both slots spoilt, emptied or missing."""
    for way in WAYS:
        for name in ("keys", "availability", "meter"):

            async def story(site, lines, way=way, name=name):
                for value in "12":
                    await site.change(ResetRetries=value)
                    for kind in ("Inoperative", "Operative"):
                        await site.central.ask("ChangeAvailability", connectorId=1, type=kind)
                await site.charge("A")
                await site.card("A", 1)
                await site.run(2000)
                await site.restart()
                assert not lines.got, lines.got
                for file in files(site, name + "."):
                    way(file)
                await back(site, lines)
                assert lines.of(name), (way, name, lines.got)
                await site.restart()

            damaged(story, keys=KEYS)
