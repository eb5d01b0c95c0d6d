"""How free charging ends: a stop, a restart, a power cut, the cable's lock (profiles/core/free_charging.py)."""

from free_charging import play, remote_stop, stops, unplug
from reserving import plug, starts


def test_after_a_stop_the_car_has_to_be_unplugged():
    """Also over a power cut; a car that comes after it, or comes back, is served."""

    async def story(site):
        await plug(site)
        assert await remote_stop(site) == "Accepted" and site.told()[-1] == "Finishing"
        await site.wait(120)
        assert len(starts(site)) == 1
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        await site.run(4000)
        await site.wait(60)
        assert len(starts(site)) == 1 and not site.core.connectors[0].transaction
        await unplug(site)
        await plug(site)
        assert len(starts(site)) == 2
        assert await remote_stop(site) == "Accepted"
        await site.restart()
        await site.wait(15)
        await plug(site)
        assert len(starts(site)) == 3, "that car left in the dark"

    play(story)


def test_a_restart_that_ended_the_session_lets_it_go_on():
    async def story(site):
        for kind in ("Hard", "Soft"):
            await plug(site)
            count = len(starts(site))
            site.core.connectors[0].session.stop(site.core.connectors[0], kind + "Reset")
            await site.run(2000)
            assert stops(site)[-1] == kind + "Reset" and len(starts(site)) == count
            site.stop()
            site.start_over()
            site.board.ev(1, "C")
            await site.start()
            await site.run(4000)
            assert len(starts(site)) == count + 1
            await unplug(site)

    play(story)


def test_a_session_that_a_power_cut_interrupts_is_found_again():
    async def story(site):
        await plug(site)
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        await site.start()
        await site.run(12000)
        assert len(starts(site)) == 1 and site.core.connectors[0].transaction and site.told()[-1] == "Charging"
        assert await remote_stop(site) == "Accepted"
        await site.wait(60)
        assert len(starts(site)) == 1

    play(story)


def test_the_cable_is_given_back_when_the_car_goes():
    """Whatever UnlockConnectorOnEVSideDisconnect says."""

    async def story(site):
        await plug(site)
        await unplug(site)
        await site.run(2000)
        assert stops(site) == ["EVDisconnected"] and not site.evses[0].locked
        assert not site.core.connectors[0].cable_holder and site.told()[-1] == "Available"

    play(story, keys={"UnlockConnectorOnEVSideDisconnect": "false"})


def test_a_jammed_lock_is_tried_as_long_as_the_car_is_there():
    """Its authorization does not end with ConnectionTimeOut, but with the car."""

    async def jam(site, jammed):
        site.board.lever(1, "lock", {"state": "jammed" if jammed else "good"})

    async def story(site):
        await jam(site, True)
        await plug(site)
        await site.wait(120)
        assert starts(site) == [] and site.told() == ["Available", "Preparing", "Faulted ConnectorLockFailure"]
        await unplug(site)
        assert site.told()[-1] == "Available" and not site.core.connectors[0].authorization
        await plug(site)
        await site.wait(60)
        await jam(site, False)
        await site.run(20000)
        assert starts(site) == [(1, "FREE", None)] and site.told()[-1] == "Charging"

    play(story)


def test_unlockConnector_ends_the_session_and_no_other_begins():
    async def story(site):
        await plug(site)
        connector = site.core.connectors[0]
        connector.session.stop(connector, "UnlockCommand")
        await site.run(2000)
        connector.session.unlock(connector)
        await site.run(2000)
        await site.wait(30)
        assert stops(site) == ["UnlockCommand"] and not site.evses[0].locked and len(starts(site)) == 1

    async def jammed(site):
        site.board.lever(1, "lock", {"state": "jammed"})
        await plug(site)
        await site.run(4000)
        site.core.connectors[0].session.unlock(site.core.connectors[0])
        site.board.lever(1, "lock", {"state": "good"})
        await site.wait(90)
        assert starts(site) == [] and not site.evses[0].locked
        await unplug(site)
        await plug(site)
        assert starts(site) == [(1, "FREE", None)]

    play(story)
    play(jammed)
