# without coverage: the walks are long
"""Whatever happens in whatever order, a connector goes only the ways of the table in 1.6 4.9 (with B6 of E 3.20)."""

import asyncio
import random

from charging import play, until
from status_transitions import check_transitions, statuses_of

FAULTS = ("GroundFailure", "EVCommunicationError", "HighTemperature", "WeakSignal", "OtherError", "PowerSwitchFailure")
KEYS = ("StopTransactionOnEVSideDisconnect", "StopTransactionOnInvalidId", "UnlockConnectorOnEVSideDisconnect")


async def step(site, choice, number):
    """One thing that may happen at connector `number`."""
    what = choice(("plug", "ev", "ev", "card", "card", "remote", "stop", "fault", "availability", "limit"))
    if what == "plug":
        site.board.plug(number, choice((True, False)))
    elif what == "ev":
        site.board.ev(number, choice("ABC"))
    elif what == "card":
        await site.card(choice(("A", "B")), choice((None, number)))
    elif what == "remote":
        await site.central.ask("RemoteStartTransaction", idTag="A")
    elif what == "stop":
        await site.central.ask("RemoteStopTransaction", transactionId=100 + len(site.central.transactions))
    elif what == "fault":
        site.board.fault(number, choice(FAULTS + 2 * (None,) * len(FAULTS)))
    elif what == "availability":
        kind = choice(("Operative", "Operative", "Inoperative"))
        await site.central.ask("ChangeAvailability", connectorId=choice((0, number)), type=kind)
    else:
        site.evses[number - 1].limits.set("profile", choice((None, None, 0)))


async def outage(site, choice):
    """The connection goes or comes back; or it goes with the next StatusNotification, which arrives all the same."""

    def lose(payload):
        del site.central.answers["StatusNotification"]
        site.central.lose()

    if not site.central.connected:
        site.central.back()
    elif choice((True, False)):
        site.central.lose()
    else:
        site.central.answers["StatusNotification"] = lose
    await site.settle()


def walk(seed, cable, outages=False):
    random.seed(seed)

    def choice(things):
        return things[random.getrandbits(16) % len(things)]

    async def story(site):
        for _ in range(60):
            site.central.answers["StartTransaction"] = lambda p: site.central.started(choice(("Accepted", "Blocked")))
            if outages and choice((True, False, False)) or not site.central.connected:
                await outage(site, choice)
            if site.central.connected:
                await step(site, choice, choice((1, 2)))
            else:
                site.board.ev(choice((1, 2)), choice("ABC"))
            if choice((True, False)):
                await site.wait(choice((1, 5)))
            await site.run(choice((20, 600, 3000)))
        if not site.central.connected:
            site.central.back()
        await until(lambda: all([known(site, connector) for connector in site.core.connectors]))
        if not outages:
            for number in (1, 2):
                check_transitions(statuses_of(site, number))

    keys = {key: choice(("true", "false")) for key in KEYS[: 3 if cable == "socket" else 2]}
    keys["ConnectionTimeOut"] = "4"
    try:
        play(story, connectors=2, keys=keys, board={"cable": cable})
    except (AssertionError, asyncio.TimeoutError) as error:
        raise AssertionError("seed %d, %s: %r" % (seed, cable, error))


def known(site, connector):
    """The last status that the central system has received is the present one."""
    return statuses_of(site, connector.number)[-1][:2] == (connector.status, connector.error[0])


def test_socket():
    for seed in range(218, 226):
        walk(seed, "socket")


def test_fixed_cable():
    for seed in range(300, 308):
        walk(seed, "tethered")


def test_outages():
    """4.9: whatever was lost on the way, in the end the central system knows the present status of each connector."""
    for seed in range(433, 441):
        walk(seed, "socket", outages=True)
