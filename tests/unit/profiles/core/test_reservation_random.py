# without coverage: the walks are long
"""Whatever happens in whatever order: who charges where, what the transaction tells and what the connector shows agree
with what the central system knows of its reservations (1.6 4.8, 4.9, 5.1, 5.13)."""

import random

from central_system import TIME, stamp
from reserving import cancel, groups, play_reserving, remote, reserve
from status_transitions import check_transitions, statuses_of

from ocpp.clock.iso8601 import parse

GROUP = {"A": "G", "B": "G", "C": None}
CONNECTORS = 3
FAULTS = ("GroundFailure", "EVCommunicationError", "WeakSignal")


class KnownReservations:
    """What the central system knows: `kept`, id -> (connector, idTag, parentIdTag, the time at which it is over)."""

    def __init__(self, site, choice):
        self.site, self.choice = site, choice
        self.kept = {}
        self.seen = 0

    def at(self, number):
        return [entry for entry in self.kept.values() if entry[0] == number]

    def matches(self, entry, id_tag):
        return entry[1] == id_tag or entry[2] is not None and entry[2] == GROUP[id_tag]

    async def step(self, what):
        await getattr(self, what)(self.choice(range(1, CONNECTORS + 1)))
        self.read()

    async def reserve(self, number):
        site, choice = self.site, self.choice
        number, identity, seconds = choice((0, number)), choice((1, 2, 3)), choice((7, 40, 3600))
        before = number and site.core.connectors[number - 1].status
        own = identity in self.kept and self.kept[identity][0] == number
        id_tag, parent = choice("ABC"), choice((None, "G"))
        answer = await reserve(site, number, id_tag, identity, seconds, parent)
        if answer == "Accepted":
            assert own or before in (0, "Available") and not (number and self.at(number)), (number, before)
            self.kept[identity] = (number, id_tag, parent, parse(stamp(TIME.ms // 1000 + seconds)))
        else:
            assert answer in ("Occupied", "Faulted", "Unavailable") and not own, answer

    async def cancel(self, number):
        identity = self.choice((1, 2, 3))
        known = self.kept.pop(identity, None)
        assert await cancel(self.site, identity) == ("Accepted" if known else "Rejected"), (identity, known)

    async def card(self, number):
        await self.site.card(self.choice("ABC"), self.choice((None, number)))

    async def remote(self, number):
        id_tag, number = self.choice("ABC"), self.choice((None, number))
        kept = [entry for entry in self.at(number) if not self.matches(entry, id_tag) and entry[2] is None]
        assert await remote(self.site, id_tag, number) == "Rejected" or not kept, (id_tag, kept)

    async def plug(self, number):
        self.site.board.plug(number, self.choice((True, False)))

    async def charge(self, number):
        self.site.board.ev(number, "C")

    async def fault(self, number):
        self.site.board.fault(number, self.choice(FAULTS + 4 * (None,)))

    async def availability(self, number):
        kind = self.choice(("Operative", "Operative", "Inoperative"))
        number = self.choice((number, number, 0))
        await self.site.central.ask("ChangeAvailability", connectorId=number, type=kind)
        if (kind, number) == ("Inoperative", 0):
            self.kept.clear()

    async def restart(self, number):
        """All is reported again; what was reported before it is of no matter."""
        self.check()
        del self.site.central.got[:]
        self.seen = 0
        await self.site.restart()
        groups(self.site, **{id_tag: parent for id_tag, parent in GROUP.items() if parent})

    async def wait(self, number):
        await self.site.wait(self.choice((1, 5)))

    def read(self):
        """What has begun since, and what is over."""
        starts = self.site.central.of("StartTransaction")
        for start in starts[self.seen :]:
            self.begun(start["connectorId"], start["idTag"], start.get("reservationId"))
        self.seen = len(starts)
        for connector in self.site.core.connectors:
            if connector.status in ("Faulted", "Unavailable"):
                self.drop([identity for identity, entry in self.kept.items() if entry[0] == connector.number])
        now = self.site.engine.clock.now()
        self.drop([identity for identity, entry in self.kept.items() if entry[3] <= now])

    def drop(self, identities):
        for identity in identities:
            del self.kept[identity]

    def begun(self, number, id_tag, identity):
        own = [name for name, entry in self.kept.items() if entry[0] in (0, number) and self.matches(entry, id_tag)]
        for entry in self.at(number):
            assert self.matches(entry, id_tag), ("a stranger charges", number, id_tag, self.kept)
            assert self.kept[identity] == entry, ("the wrong reservation", identity, self.kept)
        assert identity in own if own else identity is None, (identity, own)
        self.kept.pop(identity, None)

    def check(self):
        for number in range(1, CONNECTORS + 1):
            check_transitions(statuses_of(self.site, number))

    def compare(self):
        """The statuses, which agree with who is let in; and nothing is kept that is over."""
        records = self.site.reservation.reservations
        assert {record[0] for record in records} == set(self.kept), (records, self.kept)
        for connector in self.site.core.connectors:
            if self.at(connector.number):
                claimed = connector.authorization and connector.status == "Preparing"
                assert claimed or connector.status == "Reserved", (connector.number, connector.status)
            elif connector.status in ("Reserved", "Available"):
                admitted = connector.session.admits(connector, "STRANGER")
                assert admitted == (connector.status == "Available"), (connector.number, self.kept)
                assert admitted or self.at(0), connector.number


STEPS = ("reserve reserve reserve cancel card card card remote plug plug charge charge fault availability wait "
         "restart").split()  # fmt: skip


def walk(seed, steps=70):
    random.seed(seed)

    def choice(things):
        return things[random.getrandbits(16) % len(things)]

    async def story(site):
        groups(site, A="G", B="G")
        known = KnownReservations(site, choice)
        for _ in range(steps):
            await known.step(choice(STEPS))
            await site.run(choice((20, 600, 3000)))
            known.read()
            await site.wait(1)
            known.read()
            known.compare()
        known.check()

    try:
        play_reserving(story, connectors=CONNECTORS, keys={"ConnectionTimeOut": "9"})
    except AssertionError as error:
        raise AssertionError("seed %d: %r" % (seed, error))


def test_anything():
    for seed in range(1, 6):
        walk(seed)
