"""Registration, clock and heartbeat, what may be sent when, and where a CALL goes (1.6 4.2, 4.6, OCPP-J 4, 5)."""

import asyncio

from central_system import now
from charging import play, until

from ocpp.errors import Offline


def boot(site, status, interval=1):
    """BootNotification.conf from now on."""
    site.central.answers["BootNotification"] = {"status": status, "currentTime": now(), "interval": interval}


async def refused(call):
    try:
        await call
    except Offline:
        return True
    return False


def test_boot_tells_who_we_are_and_takes_interval_and_time():
    async def story(site):
        assert site.central.got[0] == ("BootNotification", {"chargePointVendor": "v", "chargePointModel": "m"})
        assert site.engine.clock.synced and site.engine.clock.stamp() == now()
        assert site.engine.keys["HeartbeatInterval"] == 3600 and site.engine.online
        await site.restart()
        assert site.engine.keys["HeartbeatInterval"] == 3600

    play(story, keys={"HeartbeatInterval": "7"})


def test_interval_0_leaves_the_heartbeat_as_it_is():
    async def story(site):
        site.central.answers["BootNotification"] = {"status": "Accepted", "currentTime": now(), "interval": 0}
        await site.restart()
        assert site.engine.keys["HeartbeatInterval"] == 3600

    play(story)


def test_rejected_is_silent_until_it_is_accepted():
    """1.6 4.2: nothing is sent nor answered before the interval has passed."""

    async def story(site):
        boot(site, "Rejected")
        await site.start()
        await until(lambda: site.engine.registration == "Rejected")
        assert not site.engine.online and await refused(site.engine.call("Heartbeat", {}))
        task = asyncio.create_task(site.central.ask("GetConfiguration"))
        await asyncio.sleep_ms(100)
        assert not task.done() and {action for action, _ in site.central.got} == {"BootNotification"}
        task.cancel()
        site.central.answers = site.central.usual()
        await until(lambda: site.engine.online and len(site.central.of("StatusNotification")) == 2)

    play(story, start=False)


def test_pending_answers_but_asks_nothing():
    """1.6 4.2: remote start and stop are not allowed; what was triggered may leave."""

    async def story(site):
        boot(site, "Pending")
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        ask = site.central.ask
        assert (await ask("ChangeConfiguration", key="ResetRetries", value="1"))["status"] == "Accepted"
        assert await ask("RemoteStartTransaction", idTag="A", connectorId=1) == {"status": "Rejected"}
        assert await ask("RemoteStopTransaction", transactionId=1) == {"status": "Rejected"}
        assert await refused(site.engine.call("Heartbeat", {}))
        assert await site.engine.call("Heartbeat", {}, triggered=True)
        site.central.answers = site.central.usual()
        await until(lambda: site.engine.online)

    play(story, start=False)


def test_offline_at_the_start():
    async def story(site):
        site.central.connected = False
        await site.start()
        assert await refused(site.engine.call("Heartbeat", {})) and site.central.got == []
        site.central.back()
        await until(lambda: site.engine.online)

    play(story, start=False)


def test_a_connection_that_breaks_during_the_boot():
    async def story(site):
        site.central.answers["BootNotification"] = lambda payload: site.central.lose()
        await site.start()
        await until(lambda: not site.central.connected)
        site.central.answers = site.central.usual()
        site.central.back()
        await until(lambda: site.engine.online)

    play(story, start=False)


def test_a_reconnection_is_no_boot():
    async def story(site):
        site.central.lose()
        assert not site.engine.online
        site.central.back()
        await site.settle()
        assert site.engine.online and len(site.central.of("BootNotification")) == 1

    play(story)


def test_a_wrong_current_time_does_not_stop_the_boot():
    """What the schema lets pass may still be out of the clock's range."""

    async def story(site):
        answer = {"status": "Accepted", "currentTime": "1970-01-01T00:00:00Z", "interval": 60}
        site.central.answers["BootNotification"] = answer
        await site.start()
        await until(lambda: site.engine.online)
        assert not site.engine.clock.synced

    play(story, start=False)


def test_the_clock_goes_on_from_flash_after_a_power_cut():
    async def story(site):
        writes = site.engine.store.writes
        await site.wait(1300)
        assert site.engine.store.writes == writes + 2, "every ten minutes"
        stamp = site.engine.clock.now()
        site.stop()
        site.start_over()
        assert stamp - 110 < site.engine.clock.now() <= stamp - 95 and not site.engine.clock.synced

    play(story)


def test_where_a_call_goes():
    async def story(site):
        ask = site.central.ask
        assert await ask("Nonsense") == "NotImplemented"
        assert await ask("Nonsense" * 20) == "NotImplemented"
        assert await ask("ReserveNow") == "NotSupported", "known to OCPP, but of a profile that is not there"
        assert await ask("StartTransaction") == "NotSupported", "a message of the other direction"
        assert await ask("Reset") == "ProtocolError"
        assert await ask("Reset", type="Lukewarm") == "PropertyConstraintViolation"
        assert await ask("Reset", type="Hard", more=1) == "FormationViolation"
        assert await ask("Reset", type=1) == "TypeConstraintViolation"
        for action in ("Availability", "Session", "../Reset", "core.Reset", "Core", "__init__", ""):
            assert await ask(action) == "NotImplemented", action
        assert await ask("ClearCache") == {"status": "Accepted"}

    play(story)


def test_a_task_that_fails_is_started_again():
    async def story(site):
        async def fragile():
            runs.append(1)
            if len(runs) == 1:
                raise ZeroDivisionError

        runs = []
        site.engine.spawn(fragile)
        await until(lambda: len(runs) == 2)
        assert isinstance(site.errors.pop(), ZeroDivisionError)

    play(story)


def test_transaction_messages_wait_for_acceptance_and_connection():
    """1.6 3.7, 4.2."""

    async def story(site):
        boot(site, "Rejected")
        await site.start()
        site.engine.outbox.add(0, "M", [1, [[0, 0, [[230, 3, 4]]]]])
        await until(lambda: site.engine.registration)
        await asyncio.sleep_ms(20)
        assert not site.central.of("MeterValues")
        site.central.lose()
        site.central.answers = site.central.usual()
        await asyncio.sleep_ms(20)
        site.central.back()
        await until(lambda: site.engine.outbox.queued == 0)
        assert len(site.central.of("MeterValues")) == 1

    play(story, start=False)
