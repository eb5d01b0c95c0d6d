"""UnlockConnector when things do not move (1.6 5.18, 7.46, E 3.87)."""

import asyncio

from central_system import TIME
from charging import play

from memory import load


def jam(site):
    site.board.lever(1, "lock", {"state": "jammed"})


async def unlock(site, seconds):
    """The answer to UnlockConnector, or None after `seconds`."""

    async def ask():
        answers.append(await site.central.ask("UnlockConnector", connectorId=1))

    answers = []
    load("profiles.core.calls.unlock_connector").time = TIME
    site.engine.spawn(ask)
    for _ in range(seconds * 5):
        await site.run(200)
        await asyncio.sleep_ms(25)  # the handler looks every 20 ms
        if answers:
            return answers[0]["status"]
    return None


def test_a_lock_that_is_jammed():
    """UnlockFailed, as soon as two tries have failed; the transaction is over all the same, and the fault is
    reported."""

    async def story(site):
        connector = await site.charge()
        site.board.fault(1, "ConnectorLockFailure")
        await site.run(200)
        assert await unlock(site, 5) == "UnlockFailed"
        assert connector.transaction is None and site.evses[0].locked
        assert [payload["reason"] for payload in site.central.of("StopTransaction")] == ["UnlockCommand"]
        assert site.told()[-1] == "Faulted ConnectorLockFailure"
        site.board.fault(1, None)
        await site.run(3000)
        assert await unlock(site, 5) == "Unlocked" and not site.evses[0].locked

    play(story)


def test_a_contactor_that_is_welded():
    """The lock never opens under voltage: UnlockFailed, once no good contactor would still be closed."""

    async def story(site):
        await site.charge()
        site.board.connectors[0].contactor.open = lambda: None
        assert await unlock(site, 5) == "UnlockFailed"
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
        assert connector.cable_holder and site.evses[0].locked
        assert await unlock(site, 10) == "Unlocked"
        assert connector.cable_holder is None and not site.evses[0].locked

    play(story)


def test_each_request_tries_again():
    """What failed before does not count this time; and a lock that moves at the second try is unlocked."""

    async def story(site):
        await site.charge()
        jam(site)
        assert await unlock(site, 5) == "UnlockFailed"
        await site.run(30000)
        assert await unlock(site, 5) == "UnlockFailed"
        assert site.told()[-1] == "Faulted ConnectorLockFailure"
        site.board.lever(1, "lock", {"state": "good"})
        assert await unlock(site, 2) == "Unlocked"

    play(story)


def test_a_lock_that_jammed_before_a_transaction():
    """It is open: Unlocked, at once; the session that was about to start does not."""

    async def story(site):
        jam(site)
        await site.card("A", 1)
        site.board.ev(1, "C")
        await site.run(6000)
        assert site.told()[-1] == "Faulted ConnectorLockFailure"
        assert await unlock(site, 1) == "Unlocked"
        site.board.lever(1, "lock", {"state": "good"})
        await site.run(6000)
        assert not site.central.of("StartTransaction") and not site.evses[0].locked

    play(story)


def test_a_car_that_does_not_let_go():
    """It has 6 s before the contactor opens; that is no failure."""

    async def story(site):
        connector = await site.charge()
        site.board.ev(1, "C", model="ignores")
        assert await unlock(site, 10) == "Unlocked" and connector.transaction is None

    play(story)
