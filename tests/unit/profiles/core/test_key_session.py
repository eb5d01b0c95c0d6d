"""Configuration keys of a session at the connector: a test for each, named after it (1.6 9.1)."""

import asyncio

from charging import Site, play, until
from helpers import folder, raises
from key_rows import NOT_BOOLEAN, NOT_SECONDS, fixed, put, row

UNLOCK = "UnlockConnectorOnEVSideDisconnect"


def test_ConnectionTimeOut():
    """9.1.6, E 3.21, 3.77: from the beginning of Preparing; back to where it came from. A change counts at once."""

    async def story(site):
        await row(site, "ConnectionTimeOut", "60", ("0", "86400", "30"), NOT_SECONDS + ("86401",))
        await site.card("A", 1)
        await site.wait(29)
        assert site.told()[-1] == "Preparing"
        await site.wait(2)
        assert site.told()[-1] == "Available" and site.core.connectors[0].free
        site.board.ev(1, "C")
        await site.run(4000)
        assert not site.central.of("StartTransaction"), "the claim is over"
        site.board.plug(1, False)
        await site.run(1000)
        await site.card("A", 1)
        await site.wait(20)
        await site.change(ConnectionTimeOut="50")
        await site.wait(25)
        assert site.told()[-1] == "Preparing"
        await site.change(ConnectionTimeOut="40")
        await site.wait(1)
        assert site.told()[-1] == "Available"

    play(story)


def test_ConnectionTimeOut_with_a_car():
    """E 3.20: plugged in and nobody authorized ends as Finishing, so that the next card is not for this car."""

    async def story(site):
        site.board.plug(1, True)
        await site.run(500)
        await site.wait(31)
        assert site.told() == ["Available", "Preparing", "Finishing"]
        await site.card("A", 1)
        await site.run(1000)
        assert site.told()[3] == "Preparing", "a session begins anew through Preparing (4.9 F2)"
        assert len(site.central.of("StartTransaction")) == 1
        await site.wait(60)
        assert site.told()[-1] == "SuspendedEV" and not site.central.of("StopTransaction"), "it is over with the start"

    play(story, keys={"ConnectionTimeOut": "30"})


def test_ConnectionTimeOut_0():
    """Nothing is cancelled."""

    async def story(site):
        await site.card("A", 1)
        await site.wait(600)
        assert site.told()[-1] == "Preparing"

    play(story, keys={"ConnectionTimeOut": "0"})


def test_MinimumStatusDuration():
    """9.1.20: a status is reported when it has lasted so long, what lasts shorter never is. A change counts at once."""

    async def story(site):
        async def plug(plugged, seconds):
            """At connector 1, for some seconds; then something happens at connector 2."""
            site.board.plug(1, plugged)
            await site.run(seconds * 1000)
            site.board.plug(2, not site.evses[1].plugged)
            await site.run(500)
            return site.told()[count:]

        await row(site, "MinimumStatusDuration", "0", ("86400", "0", "10"), NOT_SECONDS + ("86401",))
        count = len(site.told())
        assert await plug(False, 8) == []
        assert await plug(False, 2) == ["Available"]
        assert await plug(True, 4) == ["Available"]
        assert await plug(False, 4) == ["Available"]
        assert await plug(True, 8) == ["Available"]
        assert await plug(True, 2) == ["Available", "Preparing"]
        assert await plug(False, 5) == ["Available", "Preparing"]
        await site.change(MinimumStatusDuration="0")
        await site.settle()
        assert site.told()[count:] == ["Available", "Preparing", "Available"]

    play(story, connectors=2)


def test_StopTransactionOnEVSideDisconnect():
    """9.1.23, E 3.80: the car's end of the cable is pulled out."""

    async def story(site):
        await row(site, "StopTransactionOnEVSideDisconnect", "true", ("true", "false"), NOT_BOOLEAN)
        connector = await site.charge()
        site.board.plug(1, False)
        await site.run(3000)
        assert site.told()[-1] == "SuspendedEV" and connector.transaction and not site.evses[0].contactor_closed
        assert site.central.of("StatusNotification")[-1]["info"] == "EV side disconnected"
        site.board.ev(1, "C")
        await site.run(8000)
        assert site.told()[-1] == "Charging" and "info" not in site.central.of("StatusNotification")[-1]
        await site.change(StopTransactionOnEVSideDisconnect="true")
        site.board.plug(1, False)
        await site.run(3000)
        (stop,) = site.central.of("StopTransaction")
        assert stop["reason"] == "EVDisconnected" and "idTag" not in stop
        assert len(site.central.of("StartTransaction")) == 1

    play(story)


def test_UnlockConnectorOnEVSideDisconnect():
    """9.1.33, 4.10: the cable in the socket is given back, or kept for who presents the identifier."""

    async def story(site):
        async def leave():
            await site.charge()
            assert site.evses[0].locked
            site.board.plug(1, False)
            await site.run(3000)
            await site.wait(2)
            return site.evses[0].locked

        await row(site, UNLOCK, "true", ("true", "false"), NOT_BOOLEAN)
        assert await leave() and site.told()[-1] == "Finishing" and not site.core.connectors[0].free
        await site.wait(60)
        await site.card("B", 1)
        assert site.evses[0].locked and len(site.central.of("StartTransaction")) == 1
        await site.card("A", 1)
        await site.run(1000)
        await site.wait(2)
        assert not site.evses[0].locked and site.told()[-1] == "Available" and site.core.connectors[0].free
        await site.change(UnlockConnectorOnEVSideDisconnect="true")
        assert not await leave() and site.told()[-1] == "Available"
        assert [stop["reason"] for stop in site.central.of("StopTransaction")] == ["EVDisconnected"] * 2

    play(story)


def test_UnlockConnectorOnEVSideDisconnect_of_a_fixed_cable():
    """E 3.84, 3.85: always false and read-only; the owner cannot say otherwise, nor can what was on flash before."""
    path = folder("before")
    Site(path).engine.keys.change(UNLOCK, "true")
    board = {"cable": "tethered"}
    error = raises(ValueError, lambda: Site(path, keys={UNLOCK: "true"}, board=board))
    assert UNLOCK in str(error)

    async def story(site):
        site.path = path
        await site.restart()
        await fixed(site, UNLOCK, "false", "true", "nonsense")
        await site.charge()
        site.board.plug(1, False)
        await site.run(3000)
        assert site.central.of("StopTransaction")[0]["reason"] == "EVDisconnected" and site.told()[-1] == "Available"

    play(story, board=board)


def test_ResetRetries():
    """9.1.22: an unsuccessful reset is tried again so many times, and no more."""

    async def story(site):
        def unsuccessful():
            tries.append(site)
            raise OSError(5)

        tries = []
        await row(site, "ResetRetries", "3", ("0", "10", "1"), ("", "-1", "11", "often"))
        site.engine.restart = unsuccessful
        assert await site.central.ask("Reset", type="Hard") == {"status": "Accepted"}
        await until(lambda: len(site.errors) == 2)
        assert await put(site, "ResetRetries", "0") == "Accepted", "it goes on working"
        assert await site.central.ask("Reset", type="Soft") == {"status": "Accepted"}
        await until(lambda: len(site.errors) == 3)
        await asyncio.sleep(1.5)
        assert len(tries) == 3 and {type(error) for error in site.errors} == {OSError}
        del site.errors[:]
        site.engine.restart = site._restarted
        await site.central.ask("Reset", type="Hard")
        await until(lambda: site.restarted)

    play(story)
