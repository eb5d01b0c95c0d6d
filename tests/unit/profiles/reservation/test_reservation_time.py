# without coverage: the hours are long
"""When a reservation is over, and how it is kept over restarts (1.6 3.11, 5.13)."""

from central_system import TIME, stamp
from reserving import HOUR, cancel, play_reserving, plug, reserve, starts

from ocpp.clock import iso
from memory import load


async def ask(site, expiry, number=1):
    """ReserveNow with this expiryDate."""
    answer = await site.central.ask("ReserveNow", connectorId=number, idTag="A", reservationId=1, expiryDate=expiry)
    await site.settle()
    return answer["status"]


async def power_cut(site, seconds, online=True):
    """The power is away for `seconds`; cars are gone."""
    site.stop()
    TIME.ms += seconds * 1000
    site.start_over()
    site.boot = site.central.connected = online
    await site.start()


def test_it_ends_at_the_second():
    """5.13: a StatusNotification tells that the connector is available."""

    async def story(site):
        assert await reserve(site, seconds=30) == "Accepted"
        await site.wait(29)
        assert site.told() == ["Available", "Reserved"]
        await site.wait(1)
        assert site.told() == ["Available", "Reserved", "Available"] and await cancel(site) == "Rejected"
        assert site.central.of("StatusNotification")[-1]["timestamp"] == stamp(30)
        await site.charge("B")
        assert starts(site) == [(1, "B", None)]

    play_reserving(story)


def test_each_ends_at_its_own_time():
    async def story(site):
        for number, seconds in ((1, 50), (0, 20), (2, 35)):
            assert await reserve(site, number, identity=number, seconds=seconds) == "Accepted"
        for seconds, left in ((19, 3), (1, 2), (14, 2), (1, 1), (14, 1), (1, 0)):
            await site.wait(seconds)
            assert len(site.reservation.reservations) == left
        assert [site.told(number)[-1] for number in (1, 2)] == ["Available"] * 2

    play_reserving(story, connectors=3)


def test_two_that_end_together():
    async def story(site):
        for number in (0, 1, 2):
            assert await reserve(site, number, identity=number, seconds=5) == "Accepted"
        await site.wait(5)
        assert [await cancel(site, 0), await cancel(site, 1), await cancel(site, 2)] == ["Rejected"] * 3

    play_reserving(story, connectors=3)


def test_E_3_10_the_time_zone_and_the_fraction_of_expiryDate():
    """E 3.10; what is beyond the clock's last year is a long time."""

    async def story(site):
        for expiry in ("2026-03-01T02:00:10+02:00", "2026-03-01T00:00:10.999Z", "2026-02-28T19:00:10-05:00"):
            assert await ask(site, expiry) == "Accepted"
            assert iso(site.reservation.reservations[0][4]) == "2026-03-01T00:00:10Z"
        assert await ask(site, "2026-03-01T01:00:00+02:00") == "Rejected"
        assert await ask(site, "2130-01-01T00:00:00Z") == "Accepted"
        await site.wait(60)
        assert site.told()[-1] == "Reserved"

    play_reserving(story)


def test_the_end_while_the_driver_is_about_to_plug():
    """He has the connector; the transaction ends no reservation any more."""

    async def story(site):
        assert await reserve(site, seconds=20) == "Accepted"
        await site.wait(10)
        await site.card("A", 1)
        await site.wait(15)
        await plug(site)
        assert starts(site) == [(1, "A", None)]
        assert site.told() == ["Available", "Reserved", "Preparing", "Charging"]

    play_reserving(story)


def test_the_end_while_another_car_is_plugged():
    """4.9 G1, A2."""

    async def story(site):
        assert await reserve(site, seconds=20) == "Accepted"
        await plug(site)
        await site.wait(20)
        assert site.told() == ["Available", "Reserved", "Available", "Preparing"]
        await site.card("B", 1)
        await site.run(4000)
        assert starts(site) == [(1, "B", None)]

    play_reserving(story)


def test_the_end_while_offline_is_sent_later():
    async def story(site):
        assert await reserve(site, seconds=20) == "Accepted"
        site.central.lose()
        await site.wait(30)
        site.central.back()
        await site.settle()
        assert site.told() == ["Available", "Reserved", "Available"]

    play_reserving(story)


def test_kept_over_a_restart():
    async def story(site):
        assert await reserve(site, 1, identity=5, parent="G") == "Accepted"
        assert await reserve(site, 0, "B", identity=6) == "Accepted"
        before = site.reservation.reservations
        await site.restart()
        assert site.reservation.reservations == before
        assert [site.told(number)[-1] for number in range(3)] == ["Available", "Reserved", "Reserved"]
        assert await reserve(site, 0, identity=7) == "Occupied"
        await site.charge("A", 1)
        assert starts(site) == [(1, "A", 5)]
        await site.restart()
        assert await cancel(site, 5) == "Rejected" and await cancel(site, 6) == "Accepted"
        await site.restart()
        assert await cancel(site, 6) == "Rejected"

    play_reserving(story, connectors=2)


def test_an_id_that_is_used_again_is_kept_over_a_restart():
    """While the transaction that ended its first reservation still runs."""

    async def story(site):
        assert await reserve(site, 1, identity=5) == "Accepted"
        await site.charge("A", 1)
        assert starts(site) == [(1, "A", 5)] and await reserve(site, 2, identity=5) == "Accepted"
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        assert site.told(2)[-1] == "Reserved" and site.core.connectors[0].transaction
        assert await cancel(site, 5) == "Accepted"

    play_reserving(story, connectors=2)


def test_what_ended_in_the_dark():
    """It may be reported once as Reserved, for until BootNotification.conf nobody knows the time."""

    async def story(site):
        assert await reserve(site, seconds=HOUR) == "Accepted"
        await power_cut(site, 2 * HOUR)
        await site.wait(1)
        assert site.told()[-1] == "Available" and await cancel(site) == "Rejected"

    play_reserving(story)


def test_before_the_time_is_known_again_it_is_kept():
    """Whether it is over cannot be judged, unless the clock, which can only be late, has got there."""

    async def story(site):
        assert await reserve(site, seconds=HOUR) == "Accepted"
        await power_cut(site, 2 * HOUR, online=False)
        await site.wait(60)
        assert site.core.connectors[0].status == "Reserved"
        await site.charge("B")
        assert not site.evses[0].contactor_closed
        await plug(site, 1, False)
        for _ in range(60):
            await site.wait(60)
        assert site.core.connectors[0].status == "Available"

    play_reserving(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_the_right_card_before_the_time_is_known_again():
    async def story(site):
        assert await reserve(site, seconds=HOUR) == "Accepted"
        await power_cut(site, 600, online=False)
        await site.charge("A")
        assert site.evses[0].contactor_closed
        site.central.back()
        await site.engine.accepted.wait()
        await site.settle()
        assert starts(site) == [(1, "A", 1)]

    play_reserving(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_reserved_before_the_time_was_ever_known():
    """Before BootNotification.conf a central system may ask; the clock is in 2000 then, and the end is judged later."""

    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        assert site.engine.clock.stamp()[:4] == "2000"
        assert await ask(site, stamp(-60), 1) == "Accepted"
        assert await ask(site, "1999-01-01T00:00:00Z", 1) == "Rejected"
        await site.wait(5)
        assert site.core.connectors[0].status == "Reserved"
        site.central.answers = site.central.usual()
        site.central.lose()
        site.central.back()
        await site.engine.accepted.wait()
        await site.settle()
        await site.wait(1)
        assert site.told()[-1] == "Available" and site.reservation.reservations == []

    play_reserving(story, start=False)


def test_the_clock_jumps():
    """Forward over the end: it is over. Back: it ends when the time comes again."""

    async def story(site):
        assert await ask(site, "2026-03-01T01:00:00Z") == "Accepted"
        for time, seconds, status in (
            ("2026-02-28T23:00:00Z", HOUR, "Reserved"),
            ("2026-03-01T00:59:00Z", 30, "Reserved"),
            ("2026-03-01T01:00:01Z", 1, "Available"),
        ):
            load("ocpp.engine.heartbeat").take_time(site.engine, time)
            await site.wait(1)
            for _ in range(seconds // 60):
                await site.wait(60)
            assert site.told()[-1] == status, time

    play_reserving(story)


def test_a_connector_that_is_no_longer_there():
    """The owner has changed the configuration; what is left of the reservation can be cancelled."""

    async def story(site):
        assert await reserve(site, 2) == "Accepted"
        site.count = 1
        await site.restart()
        assert site.told(1) == ["Available", "Available"] and await reserve(site, 1, identity=2) == "Accepted"
        assert [await cancel(site, 1), await cancel(site, 2)] == ["Accepted", "Accepted"]

    play_reserving(story, connectors=2)
