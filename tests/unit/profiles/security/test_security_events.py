"""SecurityEventNotification: critical events are sent in their order, once confirmed, whatever comes between (A04)."""

from central_system import TIME, now, stamp
from charging import until
from helpers import replaced
from secured import EVENT, secured

from ocpp import events, log
from ocpp.errors import OcppError
from ocpp.outbox import full
from ocpp.outbox.queued import VALUES
from ocpp.rpc import answering
from profiles.security import event_queue

NOT_CRITICAL = (
    "FailedToAuthenticateAtCentralSystem CentralSystemFailedToAuthenticate ReconfigurationOfSecurityParameters "
    "InvalidMessages AttemptedReplayAttacks InvalidChargePointCertificate"
).split()


async def told(world, count):
    await until(lambda: len(world.told()) == count)
    await world.quiet()


def test_the_critical_events_of_the_list_are_sent_the_others_are_in_the_log_only():
    """Of these the ones of a refused connection, and of firmware, are sent too (A00.FR.318, 422, L01.FR.02, 03)."""

    async def story(world):
        begun = len(world.told())
        sent = event_queue.REFUSED.split() + event_queue.CRITICAL.split()
        for kind in NOT_CRITICAL + sent:
            events.tell(kind, "why")
            await world.quiet()
        assert world.told()[begun:] == sent and len(event_queue.CRITICAL.split()) == 7
        assert world.logged()[-18:] == NOT_CRITICAL + sent
        assert world.site.central.of(EVENT)[-1] == {
            "type": "TamperDetectionActivated", "timestamp": now(), "techInfo": "why"}

    secured(story)


def test_without_the_profile_there_is_the_log():
    async def story(world):
        events.tell("StartupOfTheDevice")
        await world.site.settle()
        assert world.told() == [] and world.waiting() == [] and "StartupOfTheDevice" in world.logged()

    secured(story, keys={"SupportedFeatureProfiles": "Core"})


def test_what_comes_while_offline_is_sent_with_its_time_and_in_its_order():
    async def story(world):
        begun = len(world.told())
        world.site.central.lose()
        moments = []
        for kind in ("MemoryExhaustion", "TamperDetectionActivated", "MemoryExhaustion"):
            events.tell(kind)
            moments.append(now())
            TIME.ms += 60000
        await world.site.settle()
        assert len(world.told()) == begun and len(world.waiting()) == 3
        world.site.central.back()
        await told(world, begun + 3)
        sent = world.site.central.of(EVENT)[begun:]
        assert [payload["timestamp"] for payload in sent] == moments
        assert world.told()[begun:] == ["MemoryExhaustion", "TamperDetectionActivated", "MemoryExhaustion"]
        assert not world.site.engine.store.exists("events")

    secured(story)


def test_what_was_not_confirmed_is_sent_after_a_restart_under_the_same_message_id():
    async def story(world):
        world.site.central.answers[EVENT] = None
        events.tell("MemoryExhaustion")
        await until(lambda: "MemoryExhaustion" in world.told())
        identity = world.site.central.ids[-1]
        begun = len(world.told())
        world.site.central.lose()
        world.site.central.connected = True
        del world.site.central.answers[EVENT]
        await world.restart()
        await told(world, begun + 1)
        assert world.told()[begun:] == ["MemoryExhaustion"] and world.site.central.ids.count(identity) == 2

    secured(story)


def test_nothing_is_sent_before_the_central_system_has_accepted():
    async def story(world):
        central = world.site.central
        central.answers["BootNotification"] = {"status": "Pending", "currentTime": now(), "interval": 10}
        events.tell("StartupOfTheDevice")
        await world.site.start()
        assert [action for action, _ in central.got] == ["BootNotification"]
        central.answers["BootNotification"] = {"status": "Accepted", "currentTime": now(), "interval": 600}
        world.site.engine.boot_requested.set()
        await world.site.engine.accepted.wait()
        await until(lambda: "StartupOfTheDevice" in world.told())

    secured(story, start=False)


def test_the_time_of_an_event_before_the_clock_was_set_is_put_right():
    async def story(world):
        assert not world.site.engine.clock.synced
        events.tell("StartupOfTheDevice")
        TIME.ms += 5000
        await world.site.start()
        await until(lambda: "StartupOfTheDevice" in world.told())
        (sent,) = [one for one in world.site.central.of(EVENT) if one["type"] == "StartupOfTheDevice"]
        assert sent["timestamp"] == stamp(0), sent

    secured(story, start=False)


def test_setting_the_clock_is_an_event_where_it_moves():
    async def story(world):
        begun = len([kind for kind in world.logged() if kind == "SettingSystemTime"])
        assert begun == 1  # that of a new board starts in 2000
        for seconds, count in ((3, 1), (9, 1), (-60, 2), (0, 3)):
            world.site.central.answers["Heartbeat"] = {"currentTime": stamp(TIME.ms // 1000 + seconds)}
            world.site.engine.heartbeat_due = True
            world.site.engine.heartbeat()
            await world.site.settle()
            assert world.logged().count("SettingSystemTime") == count, seconds

    secured(story)


def test_a_full_queue_keeps_the_first_and_the_newest_of_each_kind_and_counts():
    async def story(world):
        await world.quiet()
        begun = len(world.told())
        world.site.central.lose()
        events.tell("TamperDetectionActivated", "the only one")
        for number in range(40):
            events.tell("MemoryExhaustion", "number %d" % number)
            TIME.ms += 700000  # as many as flash is meant to take
        assert len(world.waiting()) == 24
        world.site.central.back()
        await told(world, begun + 24)
        sent = world.site.central.of(EVENT)[begun:]
        assert sent[0]["techInfo"] == "the only one"
        assert sent[1]["techInfo"] == "number 0" and sent[-1]["techInfo"] == "number 39"
        assert sent[2]["techInfo"] == "number 18 (after 17 that are not sent)"
        assert [one["timestamp"] for one in sent] == sorted([one["timestamp"] for one in sent])

    secured(story)


def test_who_does_not_know_the_message_is_not_asked_again():
    async def story(world):
        begun = len(world.told())
        for code in ("NotImplemented", "NotSupported"):
            world.site.central.answers[EVENT] = OcppError(code, "no")
            world.site.central.lose()
            events.tell("MemoryExhaustion")
            events.tell("TamperDetectionActivated")
            world.site.central.back()
            await until(lambda: not world.waiting())
            await world.quiet()
        assert len(world.told()) == begun + 2

    with replaced(event_queue.log, error=lambda *what: None):
        secured(story)


def test_an_event_that_is_refused_does_not_hold_up_the_next():
    async def story(world):
        world.site.central.answers[EVENT] = lambda payload: (
            OcppError("FormationViolation", "no") if payload["type"] == "MemoryExhaustion" else {})
        events.tell("MemoryExhaustion")
        events.tell("TamperDetectionActivated")
        await until(lambda: "TamperDetectionActivated" in world.told())
        assert world.told().count("MemoryExhaustion") == 3

    with replaced(event_queue.log, error=lambda *what: None):
        secured(story, keys={"TransactionMessageRetryInterval": "0"})


def test_without_an_answer_it_is_sent_again_and_bills_go_first():
    async def story(world):
        await world.quiet()
        world.site.central.answers[EVENT] = None
        world.site.engine.keys.values["MessageTimeout"] = 0.005
        begun = len(world.told())
        events.tell("MemoryExhaustion")
        await until(lambda: len(world.told()) > begun + 1)
        assert world.waiting() == ["MemoryExhaustion"]
        del world.site.central.answers[EVENT]
        await until(lambda: not world.waiting())

    secured(story, keys={"TransactionMessageRetryInterval": "0"})


def test_a_transaction_message_that_waits_goes_before_an_event():
    async def story(world):
        await world.quiet()
        site = world.site
        begun = len(site.central.got)
        site.central.lose()
        events.tell("MemoryExhaustion")
        await site.charge()
        site.central.back()
        await until(lambda: not world.waiting())
        order = [action for action, _ in site.central.got[begun:] if action in ("StartTransaction", EVENT)]
        assert order == ["StartTransaction", EVENT], order

    secured(story, keys={"LocalAuthorizeOffline": "true", "AllowOfflineTxForUnknownId": "true"})


def test_messages_that_are_no_ocpp_and_replays_are_events_of_the_log():
    async def story(world):
        central = world.site.central
        await world.quiet()
        count = len(world.told())
        for broken in (b"[2,", b"{}", b"[7,\"a\"]", b'[2,"a","Reset",{"type":"Never"}]', b'[2,"b","Reset",[]]'):
            before = world.logged().count("InvalidMessages")
            central.rpc.receive(bytearray(broken))
            await world.site.settle()
            assert world.logged().count("InvalidMessages") == before + 1, broken
        for number in range(200):
            central.rpc.receive(bytearray(b"nonsense %d" % number))
        assert world.logged().count("InvalidMessages") == 5
        for identity, count_of in (("1", 0), ("2", 0), ("2", 1)):
            central.rpc.receive(bytearray(b'[2,"%s","ClearCache",{}]' % identity.encode()))
            await world.site.settle()
            assert world.logged().count("AttemptedReplayAttacks") == count_of
        assert len(world.told()) == count

    with replaced(event_queue.log, warning=lambda *what: None):
        secured(story)


def test_a_reset_is_sent():
    async def story(world):
        await world.site.central.ask("Reset", type="Soft")
        await until(lambda: world.site.restarted)
        assert "ResetOrReboot" in world.logged()
        await until(lambda: "ResetOrReboot" in world.told())

    secured(story)


def test_memory_that_is_short_is_an_event():
    """Flash that cannot be written: the event waits with the rest, and is sent; a full queue; no RAM for an answer."""

    async def story(world):
        store = world.site.engine.store
        write_file = store.write_file

        def fail(*what):
            raise OSError(28)

        store.write_file = fail
        store.save("clock", 1)
        assert "MemoryExhaustion" in world.waiting() and len(store.waiting) == 2
        await until(lambda: "MemoryExhaustion" in world.told())
        store.write_file = write_file
        world.site.engine.outbox.head["thinned"] = 0
        full.make_room(world.site.engine.outbox, VALUES)
        await until(lambda: world.told().count("MemoryExhaustion") == 2)

        def starve(*what):
            raise MemoryError

        with replaced(answering, begin=starve):
            assert await world.site.central.ask("ClearCache") == "InternalError"
        await until(lambda: world.told().count("MemoryExhaustion") == 3)
        del world.site.errors[:]  # the log has it

    with replaced(log, warning=lambda *what: None, error=lambda *what: None):
        secured(story)
