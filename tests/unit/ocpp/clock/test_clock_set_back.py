# without coverage: the hours are long
"""A central system that sets its clock back while a transaction runs (1.6 3.7.1, 4.2, 4.6, 4.10, E 3.11)."""

from central_system import TIME, stamp
from ocpp.clock.iso8601 import parse
from memory import load
from ocpp.outbox.queued import STOP
from charging_profiles import composite, for_transaction, install, limit, maximum, play, profile

HOUR = 3600


async def set_clock(site, seconds):
    """The answer to a heartbeat says `seconds` more than the truth."""
    site.central.answers["Heartbeat"] = lambda payload: {"currentTime": stamp(TIME.ms // 1000 + seconds)}
    site.engine.last_heartbeat_ms -= 3600 * 1000
    site.engine.heartbeat()
    await site.settle()
    await site.wait(1)


async def stop(site):
    await site.card("A", 1)
    await site.run(1000)
    return site.central.of("StopTransaction")[-1]


def test_the_stop_is_never_before_the_start():
    """Nor is what its transactionData tells, whatever the clock has been set to meanwhile; also over a restart."""
    for restart in (False, True):
        for back in (30, 90, 2 * HOUR, 400 * 24 * HOUR):

            async def story(site, back=back, restart=restart):
                await site.charge()
                await site.wait(70)
                if restart:
                    site.stop()
                    site.start_over()
                    site.board.ev(1, "C")
                    boot = {"status": "Accepted", "interval": 3600}
                    boot["currentTime"] = stamp(TIME.ms // 1000 - back)
                    site.central.answers["BootNotification"] = boot
                    await site.start()
                    await site.run(4000)
                else:
                    await set_clock(site, -back)
                stopped, started = await stop(site), site.central.of("StartTransaction")[0]
                assert stopped["timestamp"] >= started["timestamp"], (back, restart)
                assert stopped["meterStop"] > started["meterStart"]
                for element in stopped["transactionData"]:
                    assert element["timestamp"] >= started["timestamp"], (back, restart)

            play(story, keys={"StopTxnSampledData": "Voltage", "MeterValueSampleInterval": "10"})


def test_a_stop_that_version_0_1_0_has_queued_is_still_sent():
    """Its body has no time of the start."""
    body = ["A", 5, parse(stamp(0)), "Local", None]
    action, payload = load("profiles.core.transaction_messages").render(None, STOP, 1, body, 60, 7)
    assert action == "StopTransaction" and payload["timestamp"] == stamp(60) and payload["meterStop"] == 5


def test_a_stop_after_the_clock_has_caught_up_has_the_time_of_the_clock():
    async def story(site):
        await site.charge()
        await set_clock(site, -100)
        await site.wait(200)
        stopped = await stop(site)
        assert abs(parse(stopped["timestamp"]) - parse(stamp(TIME.ms // 1000 - 100))) <= 1

    play(story)


def test_times_before_the_first_answer_are_corrected_though_the_clock_was_ahead():
    """E 3.11: the start was stamped by a clock that is set back by the first answer of this start."""

    async def story(site):
        for ahead in (-500, 500, 3 * HOUR):
            site.stop()
            site.central.connected = site.boot = False
            site.engine.store.save("clock", site.engine.clock.now() + ahead)
            site.start_over()
            await site.start()
            began = TIME.ms // 1000
            await site.charge()
            await site.wait(20)
            site.central.back()
            await site.engine.accepted.wait()
            await site.settle()
            await site.wait(20)
            ended = TIME.ms // 1000
            stopped, started = await stop(site), site.central.of("StartTransaction")[-1]
            for told, true in ((started, began), (stopped, ended)):
                assert abs(parse(told["timestamp"]) - parse(stamp(true))) <= 2, ahead
            site.board.plug(1, False)
            await site.run(1000)

    play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_a_schedule_that_began_with_the_transaction_goes_on_as_before():
    """Its time is that of the transaction, whatever the clock says, be it set back or ahead; of each purpose and kind
    that has no start of its own."""

    async def story(site):
        for asked in (profile, for_transaction):
            for kind in ("Relative", "Absolute"):
                for moved in (-2 * HOUR, -100, 2 * HOUR, -2 * HOUR):
                    await site.charge()
                    await install(site, 1, asked((0, 8), (100, 10), (200, 12), kind=kind))
                    began = TIME.ms // 1000 - 4
                    await site.wait(50)
                    assert limit(site) == 8
                    await set_clock(site, moved)
                    assert limit(site) == 8, (asked, kind, moved)
                    left = 100 - (TIME.ms // 1000 - began)
                    steps = await composite(site, 1, 120)
                    assert steps[0] == (0, 8) and abs(steps[1][0] - left) <= 1, (steps, left)
                    await site.wait(left + 2)
                    assert limit(site) == 10, (asked, kind, moved)
                    await site.wait(100)
                    assert limit(site) == 12, (asked, kind, moved)
                    await stop(site)
                    site.board.plug(1, False)
                    await site.run(1000)
                    await site.central.ask("ClearChargingProfile")

    play(story)


def test_a_running_transaction_gets_no_more_than_before_and_after():
    """The lower of both until the clock has come to where it was; the next transaction follows the clock alone."""
    for asked, number in ((profile, 1), (profile, 0), (for_transaction, 1), (maximum, 0)):
        for first, second in ((20, 8), (8, 20)):

            async def story(site, asked=asked, number=number, first=first, second=second):
                await site.charge()
                # From 1000 s on the second limit, which is that before the clock is set back.
                await install(site, number, asked((0, first), (1000, second), start=0))
                TIME.ms += 1200 * 1000
                await site.wait(2)
                assert limit(site) == second
                await set_clock(site, -1000)
                assert limit(site) == min(first, second) == 8
                TIME.ms += 700 * 1000
                await site.wait(2)
                assert limit(site) == 8, "the clock is where it was at 900"
                TIME.ms += 400 * 1000
                await site.wait(2)
                assert limit(site) == second, "the clock is past where it was"

            play(story)


def test_a_new_profile_ends_what_was_held():
    async def story(site):
        await site.charge()
        await install(site, 1, profile((0, 20), (1000, 8), start=0))
        TIME.ms += 1200 * 1000
        await site.wait(2)
        await set_clock(site, -1000)
        assert limit(site) == 8
        await install(site, 1, profile(16))
        assert limit(site) == 16

    play(story)


def test_the_next_transaction_follows_the_clock():
    async def story(site):
        await site.charge()
        await install(site, 1, profile((0, 20), (1000, 8), start=0))
        TIME.ms += 1200 * 1000
        await site.wait(2)
        await set_clock(site, -1000)
        await stop(site)
        site.board.plug(1, False)
        await site.run(1000)
        await site.charge()
        assert limit(site) == 20

    play(story)


def test_phases_are_held_too():
    """One phase before and three after: no more than either total."""

    async def story(site):
        await site.charge()
        await install(site, 1, profile((0, 11040), (1000, 4140, 1), start=0, unit="W"))
        TIME.ms += 1200 * 1000
        await site.wait(70)
        assert site.evses[0].phases == 1 and limit(site) == 18
        await set_clock(site, -1000)
        await site.run(5000)
        assert site.evses[0].phases == 1 and limit(site) == 16

    play(story)
