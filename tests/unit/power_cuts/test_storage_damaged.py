"""What is damaged or missing in the store after a restart is told, and a transaction is ended all the same."""

import os

from charging import play, until

from ocpp import log
from profiles.local_auth import LocalAuth
from profiles.smart_charging import SmartCharging

KEYS = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "5", "ConnectionTimeOut": "0",
        "StopTxnSampledData": "Energy.Active.Import.Register"}
PROFILE = {"chargingProfileId": 5, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile",
           "chargingProfileKind": "Relative",
           "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}]}}
LIST = [{"idTag": "A", "idTagInfo": {"status": "Accepted"}}]


class Lines:
    """The log lines at level warning and error since the last clear()."""

    def __init__(self):
        self.got, self.before = [], (log.warning, log.error)
        log.warning = log.error = self

    def __call__(self, text, *args):
        self.got.append(text % args if args else text)

    def end(self):
        log.warning, log.error = self.before

    def of(self, text):
        return [line for line in self.got if text in line]


def damaged(story, **options):
    """Run `story(site, lines)`."""
    lines = Lines()

    async def told(site):
        await story(site, lines)

    try:
        play(told, **options)
    finally:
        lines.end()


def files(site, prefix):
    return [site.path + "/" + name for name in os.listdir(site.path) if name.startswith(prefix)]


def spoil(path):
    """Change a byte in the middle."""
    with open(path, "rb") as file:
        text = bytearray(file.read())
    text[len(text) // 2] ^= 1
    with open(path, "wb") as file:
        file.write(text)


def clear(path):
    with open(path, "wb"):
        pass


WAYS = (spoil, clear, os.remove)


async def offline(site, sessions, seconds=31):
    """Whole sessions that nobody hears of."""
    site.central.lose()
    for number in range(sessions):
        await site.charge("CARD%d" % number)
        await site.wait(seconds)
        await site.card("CARD%d" % number, 1)
        await site.run(2000)
        site.board.plug(1, False)
        await site.run(1000)


async def back(site, lines):
    """A restart, with a central system again; the lines of the start only."""
    del lines.got[:]
    site.central.connected = site.boot = True
    await site.restart()
    await until(lambda: site.engine.outbox.queued == 0)
    await site.settle()


def test_the_only_file_of_the_queue():
    for way in WAYS:

        async def story(site, lines, way=way):
            await offline(site, 1)
            (name,) = files(site, "queue.")
            way(name)
            await back(site, lines)
            assert lines.of("missing") or lines.of("torn"), (way, lines.got)
            before = len(site.central.of("StopTransaction"))
            await site.charge("NEXT")
            await site.card("NEXT", 1)
            await site.run(2000)
            assert len(site.central.of("StopTransaction")) == before + 1
            del lines.got[:]
            await site.restart()
            assert not lines.of("missing"), ("it is told once", lines.got)

        damaged(story, keys=KEYS)


def read_all(folder):
    """What is on flash: name -> bytes."""
    kept = {}
    for name in os.listdir(folder):
        with open(folder + "/" + name, "rb") as file:
            kept[name] = file.read()
    return kept


def write_all(folder, kept):
    """Flash is again as it was when read_all() gave `kept`."""
    for name in os.listdir(folder):
        os.remove(folder + "/" + name)
    for name, text in kept.items():
        with open(folder + "/" + name, "wb") as file:
            file.write(text)


def test_each_of_several_files_of_the_queue():
    async def story(site, lines):
        await offline(site, 12, 100)
        kept = read_all(site.path)
        names = sorted([name for name in kept if name.startswith("queue.")], key=lambda name: int(name.split(".")[-1]))
        assert len(names) >= 4
        for index in (0, 1, 2, -1):
            for way in WAYS:
                write_all(site.path, kept)
                del site.central.got[:], site.central.ids[:]  # the heap of MicroPython is small
                way(site.path + "/" + names[index])
                await back(site, lines)
                assert lines.of("missing") or lines.of("torn"), (index, way, lines.got)
                del lines.got[:]
                await site.restart()
                assert not lines.of("missing"), lines.got

    damaged(story, keys=KEYS)


def test_nothing_is_told_of_a_queue_that_is_whole():
    async def story(site, lines):
        for sessions in (1, 3, 6):
            await offline(site, sessions, 40)
            site.boot = False
            await site.restart()
            assert not lines.got, lines.got
            await back(site, lines)
            assert not lines.got, lines.got

    damaged(story, keys=KEYS)


def test_the_head_of_the_queue():
    """Its older version is taken; without any it is told that messages may come twice."""

    async def story(site, lines):
        await offline(site, 1)
        for name in files(site, "outbox."):
            spoil(name)
        await back(site, lines)
        assert lines.of("head of the queue"), lines.got
        assert [payload["idTag"] for payload in site.central.of("StartTransaction")] == ["CARD0"]

    damaged(story, keys=KEYS)


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


def test_a_stop_that_was_queued_is_not_told_twice():
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


