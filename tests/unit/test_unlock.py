"""UnlockConnector when things do not move (1.6 5.18, 7.46, E 3.87)."""

import asyncio

from central_system import TIME
from charging import play

from ocpp.on_demand import load


async def unlock(site, seconds):
    """The answer to UnlockConnector, or None after `seconds`."""

    async def ask():
        answers.append(await site.central.ask("UnlockConnector", connectorId=1))

    answers = []
    load("profiles.core.unlock_connector").time = TIME
    site.engine.spawn(ask)
    for _ in range(seconds * 5):
        await site.run(200)
        await asyncio.sleep_ms(25)  # the handler looks every 20 ms
        if answers:
            return answers[0]["status"]
    return None


def test_a_lock_that_is_jammed():
    """UnlockFailed; the transaction is over all the same, and the failure is told."""

    async def story(site):
        connector = await site.charge()
        site.board.fault(1, "ConnectorLockFailure")
        await site.run(200)
        assert await unlock(site, 20) == "UnlockFailed"
        assert connector.transaction is None and site.evses[0].locked
        assert [payload["reason"] for payload in site.central.of("StopTransaction")] == ["UnlockCommand"]
        assert site.told()[-1] == "Faulted ConnectorLockFailure"
        site.board.fault(1, None)
        await site.run(3000)
        assert await unlock(site, 5) == "Unlocked" and not site.evses[0].locked

    play(story)


def test_a_contactor_that_is_welded():
    """The lock never opens under voltage: UnlockFailed, after a time in which no good contactor is still closed."""

    async def story(site):
        await site.charge()
        site.board.connectors[0].contactor.open = lambda: None
        assert await unlock(site, 20) == "UnlockFailed"
        assert site.evses[0].locked and site.evses[0].contactor_closed

    play(story)


def test_a_tethered_cable_and_its_transaction():
    """NotSupported, and the transaction goes on."""

    async def story(site):
        connector = await site.charge()
        assert await site.central.ask("UnlockConnector", connectorId=1) == {"status": "NotSupported"}
        await site.run(1000)
        assert connector.transaction and site.told()[-1] == "Charging" and not site.central.of("StopTransaction")

    play(story, board={"cable": "tethered"})


def test_a_cable_that_was_kept_is_given_back():
    """After StopTransactionOnInvalidId the cable is kept for its owner; UnlockConnector helps who lost his card."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.started("Invalid")
        connector = await site.charge()
        await site.run(4000)
        assert connector.held and site.evses[0].locked
        assert await unlock(site, 10) == "Unlocked"
        assert connector.held is None and not site.evses[0].locked

    play(story)
