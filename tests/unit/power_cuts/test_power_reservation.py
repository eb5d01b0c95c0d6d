# micropython only: it has littlefs
"""A power cut at many a block operation while reservations are made, replaced, used and cancelled: each of them is as
before or as asked for, as asked for once the central system was informed, and none outlives the transaction that ended
it."""

from billing_check import messages
from power_cuts import Cuts
from reserving import cancel, plug, reserve

from profiles.reservation import Reservation

DAY = 86400


async def stays(site):
    await site.start()
    await asked(site, 1, 2, "X", identity=1)
    await asked(site, 1, 2, "Y", identity=1)
    await asked(site, 1, 0, "A", identity=1)
    site.recording.asked.append((1, None))
    await site.charge("A", 1)
    site.recording.granted = len(site.recording.asked)
    await asked(site, 2, 2, "B", identity=2)
    site.recording.asked.append((2, None))
    await site.charge("B", 2)
    site.recording.granted = len(site.recording.asked)
    for number, id_tag in ((1, "A"), (2, "B")):
        await site.card(id_tag, number)
        await site.run(2000)
        await plug(site, number, False)
    await asked(site, 3, 1, "C", identity=3)
    site.recording.asked.append((3, None))
    assert await cancel(site, 3) == "Accepted"
    site.recording.granted = len(site.recording.asked)
    await asked(site, 4, 1, "D", identity=4)
    site.recording.asked.append((4, None))
    await site.central.ask("ChangeAvailability", connectorId=0, type="Inoperative")
    site.recording.granted = len(site.recording.asked)
    await site.central.ask("ChangeAvailability", connectorId=0, type="Operative")


async def asked(site, name, *where, identity):
    site.recording.asked.append((name, list(where)))
    assert await reserve(site, *where, identity=identity, seconds=DAY) == "Accepted", where
    site.recording.granted = len(site.recording.asked)


async def read(site):
    """What holds after the recovery, and what the transactions have reported of it."""
    site.recording.found = {record[0]: record[1:3] for record in site.reservation.reservations}
    site.recording.flags = [connector.reserved for connector in site.core.connectors]


def check_reservations(asked, moment, recording):
    for identity in (1, 2, 3, 4):
        values = [None] + [value for name, value in asked[: moment.granted] if name == identity]
        allowed = [values[-1]] + [value for name, value in asked[moment.granted : moment.asked] if name == identity]
        found = recording.found.get(identity)
        assert found in allowed, (identity, found, allowed)
    for number in (1, 2):
        assert recording.flags[number - 1] == any([record[0] == number for record in recording.found.values()])
    for _, action, payload, _ in messages(recording.central):
        if action == "StartTransaction":
            assert payload["reservationId"] == {"A": 1, "B": 2}[payload["idTag"]], payload
            assert payload["reservationId"] not in recording.found, "a transaction has ended it"


def test_power_cut_with_reservations():
    cuts = Cuts(stays, read, profiles=(Reservation,))
    asked = cuts.recording.asked
    cuts.all(lambda moment, recording: check_reservations(asked, moment, recording), every=3)
    assert cuts.tried >= 100
