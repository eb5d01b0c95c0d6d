# without coverage: the minutes are long
"""How a session goes on after a fault of the electricity, through the whole charge point in simulated time: what ends
by itself and when, what the owner must end, and which messages the central system gets (1.6 4.9)."""

from charging import play


async def broken(site, lever, **fields):
    """A session in which this breaks; the statuses from then on are site.told()[count:]."""
    await site.run(2000)
    connector = await site.charge()
    assert site.told()[-1] == "Charging"
    site.board.lever(1, lever, fields)
    await site.run(12000)
    assert connector.transaction and not site.evses[0].contactor_closed, site.told()
    return connector


def ends_in(seconds, lever, fields, good, told):
    """The fault is reported as `told`; it charges again `seconds` after it was mended, and not 5 s before."""

    async def story(site):
        connector = await broken(site, lever, **fields)
        assert site.told()[-1] == told, site.told()
        site.board.lever(1, lever, good)
        await site.wait(seconds - 5)
        assert site.told()[-1] == told and not site.evses[0].contactor_closed, site.told()
        await site.wait(10)
        await site.run(4000)
        assert site.told()[-1] == "Charging" and site.evses[0].contactor_closed, site.told()
        assert connector.transaction and not site.central.of("StopTransaction")
        assert len(site.central.of("StartTransaction")) == 1

    play(story)


def test_voltage_out_of_range_ends_a_minute_after_it_is_good_again():
    for volts, code in ((270, "OverVoltage"), (180, "UnderVoltage")):
        ends_in(60, "grid", {"volts": [230, volts, 230]}, {"volts": 230}, "Faulted " + code)


def test_a_diode_is_looked_for_again_after_a_minute():
    """From when it was missed, 12 s ago: without an offer nobody can see it."""
    ends_in(49, "ev", {"state": "C", "diode": False}, {"state": "C", "diode": True},
            "SuspendedEVSE EVCommunicationError")


def test_a_residual_current_is_tried_again_after_ever_longer_times_and_not_for_ever():
    """1, 5, 15 minutes and so on, six times; then only with another car, or by the owner."""

    async def story(site):
        await broken(site, "residual", leak_ma=30)
        assert site.told()[-1] == "Faulted GroundFailure"
        for minutes in (1, 5, 15, 15, 15, 15):
            site.board.lever(1, "residual", {"leak_ma": 0})
            await site.wait(minutes * 60 - 15)
            assert site.told()[-1] == "Faulted GroundFailure", minutes
            await site.wait(15)
            await site.run(4000)
            assert site.told()[-1] == "Charging", (minutes, site.told())
            site.board.lever(1, "residual", {"leak_ma": 30})
            await site.run(2000)
            assert site.told()[-1] == "Faulted GroundFailure"
        site.board.lever(1, "residual", {"leak_ma": 0})
        await site.wait(1000)
        assert site.told()[-1] == "Faulted GroundFailure"
        site.board.plug(1, False)
        await site.run(2000)
        await site.wait(5)
        assert site.told()[-1] == "Available"
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["EVDisconnected"]

    play(story)


def waits_for_the_car(lever, fields, good, code):
    """A fault that shows only while charging ends with the plug-in, not by waiting."""

    async def story(site):
        await broken(site, lever, **fields)
        assert site.told()[-1] == "Faulted " + code, site.told()
        site.board.lever(1, lever, good)
        await site.wait(1000)
        assert site.told()[-1] == "Faulted " + code
        site.board.plug(1, False)
        await site.run(2000)
        await site.wait(5)
        assert site.told()[-1] == "Available", site.told()
        await site.charge("B")
        assert site.told()[-1] == "Charging"

    play(story)


def test_a_contactor_that_stays_open_and_a_car_that_takes_too_much():
    waits_for_the_car("contactor", {"state": "stays_open"}, {"state": "good"}, "PowerSwitchFailure")
    waits_for_the_car("ev", {"state": "C", "model": "ignores", "max_current": 48}, {"state": "C", "model": "normal"},
                      "OverCurrentFailure")


def test_what_is_latched_waits_for_the_owner():
    """A welded contactor, a monitor that cannot be tested: not even another car ends that."""

    async def story(site):
        await site.run(2000)
        site.board.lever(1, "residual", {"monitor": "dead"})
        await site.charge()
        assert site.told()[-1] == "Faulted GroundFailure"
        site.board.lever(1, "residual", {"monitor": "good"})
        for _ in range(2):
            site.board.plug(1, False)
            await site.run(2000)
            await site.wait(100)
            assert site.told()[-1] == "Faulted GroundFailure"
            site.board.ev(1, "C")
            await site.run(3000)
        site.board.plug(1, False)
        site.board.fault(1, None)
        await site.run(2000)
        await site.wait(5)
        assert site.told()[-1] == "Available"
        await site.charge("B")
        assert site.told()[-1] == "Charging"

    play(story)


def test_a_car_that_does_not_stop_is_cut_off_under_load():
    """IEC 61851-1 table A.6, 10.2: 6 s after the offer has ended."""

    async def story(site):
        await site.run(2000)
        connector = await site.charge()
        site.board.ev(1, "C", model="ignores")
        connector.session.stop(connector, "Local", "A")
        await site.run(5500)
        assert site.evses[0].contactor_closed and not site.central.of("StopTransaction")
        await site.run(1500)
        assert not site.evses[0].contactor_closed
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["Local"]

    play(story)


def test_a_sleeping_car_is_woken_once():
    """Annex A.5.3: 4 s of -12 V after 90 s without an answer to the offer."""

    async def story(site):
        await site.run(2000)
        site.board.ev(1, "C", model="sleeps")
        await site.card("A", 1)
        await site.run(4000)
        assert site.told()[-1] == "SuspendedEV"
        await site.run(84000)
        assert site.told()[-1] == "SuspendedEV"
        await site.run(12000)
        assert site.told()[-1] == "Charging" and site.evses[0].contactor_closed

    play(story)


def test_a_car_that_cannot_decide_does_not_wear_out_the_contactor():
    async def story(site):
        await site.run(2000)
        site.board.ev(1, "C", model="flaps")
        await site.card("A", 1)
        closings, closed = 0, False
        for _ in range(600):
            await site.run(100)
            if site.evses[0].contactor_closed != closed:
                closed = not closed
                closings += closed
        assert 1 <= closings <= 40 and site.evses[0].fault is None

    play(story)
