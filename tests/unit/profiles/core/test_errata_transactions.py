"""What the errata settle about transactions and their messages, each test named after its row (E 3.x, J 3.x), and what
the base text says of their delivery (1.6 3.7)."""

import asyncio

from charging import play, until

from ocpp.errors import OcppError
from profiles.core.calls.remote_stop_transaction import connector_of

KINDS = ("StartTransaction", "MeterValues", "StopTransaction")
FAILURE = OcppError("InternalError", "no")


def transaction_messages(site):
    """The transaction messages so far: ["StartTransaction", ...]."""
    return [action for action, _ in site.central.got if action in KINDS]


def scripted(site, action, *answers):
    """`answers` one after the other, then the usual one."""
    usual, left = site.central.answers.get(action, {}), list(answers)

    def answer(payload):
        one = left.pop(0) if left else usual
        return one(payload) if callable(one) else one

    site.central.answers[action] = answer


async def stop(site, id_tag="A"):
    await site.card(id_tag, 1)
    await site.run(2000)


async def reset(site, kind):
    """Reset, and time passes until the charge point restarts."""
    assert await site.central.ask("Reset", type=kind) == {"status": "Accepted"}
    for _ in range(500):
        if site.restarted:
            return
        await site.run(500)
        await asyncio.sleep_ms(5)
    raise asyncio.TimeoutError


def test_E_3_5_and_3_17_not_accepted_offline_is_as_online():
    """E 3.17; E 3.5: the cable stays locked until the same identifier or one with the same parent is presented."""
    for lost in (False, True):

        async def story(site, lost=lost):
            if lost:
                site.central.lose()
            site.central.answers["StartTransaction"] = lambda p: site.central.started("Blocked", parentIdTag="G")
            await site.charge("A")
            if lost:
                assert site.told()[-1] == "Available" and site.core.connectors[0].status == "Charging"
                site.central.back()
                await site.settle()
            await site.run(8000)
            assert [payload["reason"] for payload in site.central.of("StopTransaction")] == ["DeAuthorized"]
            assert site.evses[0].locked and site.told()[-1] == "Finishing"
            site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "H"}}
            await stop(site, "B")
            assert site.evses[0].locked, "of another group"
            site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "g"}}
            await stop(site, "C")
            assert not site.evses[0].locked and len(site.central.of("StartTransaction")) == 1

        play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_E_3_18_without_a_transactionId_all_messages_carry_minus_1():
    """The start is given up after its attempts; the transaction goes on and its other messages are delivered."""

    async def story(site):
        site.central.answers["StartTransaction"] = FAILURE
        connector = await site.charge()
        assert transaction_messages(site) == ["StartTransaction"] * 2
        assert site.told()[-1] == "Charging" and connector.transaction
        await site.wait(21)
        await stop(site)
        assert transaction_messages(site)[2:] == ["MeterValues", "MeterValues", "StopTransaction"]
        for payload in site.central.of("MeterValues") + site.central.of("StopTransaction"):
            assert payload["transactionId"] == -1
        site.central.answers.update(site.central.usual())
        await site.charge("B")
        assert site.core.id_of(site.core.connectors[0].transaction) == 101, "the next one is an ordinary one"

    play(story, keys={"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "0",
                      "MeterValueSampleInterval": "10"})


def test_E_3_54_zero_and_negative_transactionIds_are_ordinary():
    for identity in (0, -1, -7, 2147483647):

        async def story(site, identity=identity):
            answer = {"transactionId": identity, "idTagInfo": {"status": "Accepted"}}
            site.central.answers["StartTransaction"] = answer
            connector = await site.charge()
            await site.wait(11)
            assert [payload["transactionId"] for payload in site.central.of("MeterValues")] == [identity]
            stop = await site.central.ask("RemoteStopTransaction", transactionId=identity)
            assert connector.transaction and stop == {"status": "Accepted"}
            await site.run(2000)
            assert [payload["transactionId"] for payload in site.central.of("StopTransaction")] == [identity]

        play(story, keys={"MeterValueSampleInterval": "10"})


def test_E_3_32_accepted_means_that_it_will_be_tried():
    """RemoteStartTransaction: what the central system says of the idTag comes after the answer."""

    async def story(site):
        site.central.answers["Authorize"] = None
        answer = await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1)
        assert answer == {"status": "Accepted"} and site.core.connectors[0].free

    play(story)


def test_E_3_33_accepted_means_that_the_transaction_is_running():
    async def story(site):
        ask = site.central.ask
        site.central.answers["StartTransaction"] = None
        await site.charge()
        for unknown in (-1, 0, 1, 101):
            assert await ask("RemoteStopTransaction", transactionId=unknown) == {"status": "Rejected"}
        site.central.lose()
        site.central.answers.update(site.central.usual())
        site.central.back()
        await until(lambda: connector_of(site.core, 101))
        assert await ask("RemoteStopTransaction", transactionId=102) == {"status": "Rejected"}
        assert await ask("RemoteStopTransaction", transactionId=101) == {"status": "Accepted"}
        await site.run(2000)
        assert len(site.central.of("StopTransaction")) == 1

    play(story)


def test_E_3_36_a_soft_reset_tells_the_stop_before():
    async def story(site):
        await site.charge()
        await reset(site, "Soft")
        assert [payload["reason"] for payload in site.central.of("StopTransaction")] == ["SoftReset"]
        assert site.engine.outbox.queued == 0

    play(story)


def test_E_3_36_an_unanswered_stop_is_queued_and_sent_after_the_reset():
    for kind in ("Soft", "Hard"):

        async def story(site, kind=kind):
            await site.charge()
            site.central.answers["StopTransaction"] = None
            await reset(site, kind)
            count = len(site.central.got)
            site.central.answers["StopTransaction"] = {}
            await site.restart()
            after = [action for action, _ in site.central.got[count:]]
            assert after[0] == "BootNotification" and after.count("StopTransaction") == 1
            stop = site.central.of("StopTransaction")[-1]
            assert (stop["transactionId"], stop["reason"]) == (101, kind + "Reset")

        play(story)


def test_E_3_36_a_contactor_that_does_not_open_does_not_prevent_a_reset():
    """Hard is the last resort for a charge point that does not work; the transaction is stopped after it."""
    for kind in ("Soft", "Hard"):

        async def story(site, kind=kind):
            await site.charge()
            site.board.connectors[0].contactor.open = lambda: None
            await reset(site, kind)
            assert not site.central.of("StopTransaction")
            await site.restart()
            await site.run(2000)
            assert [payload["reason"] for payload in site.central.of("StopTransaction")] == [kind + "Reset"]

        play(story)


def test_J_3_3_a_call_error_is_a_failure_to_process_and_the_message_is_sent_again():
    """Each of the three, also when it succeeds at the last attempt only (1.6 3.7.1)."""
    for action in KINDS:

        async def story(site, action=action):
            site.central.answers.setdefault(action, {})
            scripted(site, action, FAILURE, FAILURE)
            await site.charge()
            await site.wait(11)
            await stop(site)
            await until(lambda: site.engine.outbox.queued == 0)
            assert transaction_messages(site) == [kind for kind in KINDS for _ in range(3 if kind == action else 1)]
            assert site.central.of("StopTransaction")[-1]["transactionId"] == 101
            assert site.central.of(action)[0] == site.central.of(action)[2]

        play(story, keys={"TransactionMessageRetryInterval": "0", "MeterValueSampleInterval": "10"})


def test_3_7_1_messages_after_a_restart_are_not_earlier_than_those_before():
    """Where no energy has flowed the registers need not be stored again, and with them no time."""

    async def story(site):
        for _ in range(2):
            await site.card("A", 1)
            site.board.plug(1, True)
            await site.run(2000)
            assert site.core.connectors[0].transaction
            if transaction_messages(site).count("StartTransaction") == 2:
                break
            await stop(site)
            site.board.plug(1, False)
            await site.wait(100)
        started = site.core.connectors[0].transaction.record["start"][3]
        site.boot = site.central.connected = False
        await site.restart()
        assert started <= site.engine.clock.now() <= started + 1

    play(story)
