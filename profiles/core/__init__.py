"""The Core profile (1.6 3.3): connectors, transactions, metering, authorization, configuration, reset."""

import asyncio

from ocpp import log

from .authorization import Authorization
from .configuration import declarations
from .connector import Connector
from .metering import MeterValues
from .status import StatusReports
from .transactions import Transactions


class Core:
    """The resident object of the profile. `evses` are given by main, numbered from 1."""

    name = "Core"
    folder = "core"

    def __init__(self, evses, card_reader=None):
        self.keys = declarations(evses)
        self.connectors = [Connector(self, evse) for evse in evses]
        self.card_reader = card_reader
        self.engine = None

    def start(self, engine):
        """Called once, when all keys are declared."""
        self.engine = engine
        self.authorization = Authorization(engine)
        self.transactions = Transactions(self)
        self.metering = MeterValues(self)
        self.status = StatusReports(self)
        for connector in self.connectors:
            self.transactions.restore(connector)
            engine.spawn(connector.run)
        engine.spawn(self.status.run)
        engine.spawn(self._every_second)
        if self.card_reader is not None:
            engine.spawn(self._cards)

    def accepted(self):
        """The central system has accepted us: it is told the status of connector 0 and all others (1.6 4.9, E 3.22)."""
        self.status.all()

    def reconnected(self):
        """Back online without a new boot: what has changed meanwhile is told (1.6 4.9)."""
        self.status.changed.set()

    def connector(self, number):
        """The connector with this number, or None."""
        return self.connectors[number - 1] if 1 <= number <= len(self.connectors) else None

    async def _every_second(self):
        while True:
            await asyncio.sleep(1)
            for connector in self.connectors:
                connector.check_time()
            self.metering.check_time()

    async def _cards(self):
        while True:
            id_tag, number = await self.card_reader.next()
            log.info("card %s", id_tag)
            try:
                await self.present(id_tag, number)
            except ValueError as error:
                log.warning("card %s: %s", id_tag, error)

    async def present(self, id_tag, number=None):
        """An identifier is presented at connector `number`, or anywhere: it stops what it started, takes back its claim
        (1.6 4.9 B1), or claims a connector.

        ValueError says why nothing came of it."""
        running = [c for c in self.connectors if c.transaction and number in (None, c.number)]
        for connector in running:
            if connector.transaction.started_by(id_tag):
                connector.stop("Local", id_tag)
                return
        for connector in self.connectors:
            if connector.claimed and connector.claimed[0].lower() == id_tag.lower():
                connector.cancel()
                return
        connector = self.free_connector(number)
        if connector is None and not running:
            raise ValueError("no connector is free")
        status, parent = await self.authorization.authorize(id_tag)
        if status != "Accepted":
            raise ValueError(status)
        for other in running:
            if other.transaction and parent and other.transaction.parent == parent:
                other.stop("Local", id_tag)
                return
        if connector is None or not connector.free:
            raise ValueError("the connector is in use")
        connector.claim(id_tag, parent, floating=number is None)

    def free_connector(self, number=None):
        """The connector that a new session gets: `number` if it is free; else one with a car that waits, else an empty
        one, else one whose session is over but whose car is still there, for that may be someone else's (E 3.20)."""
        if number:
            connector = self.connector(number)
            return connector if connector and connector.free else None
        free = [connector for connector in self.connectors if connector.free]
        free.sort(key=lambda connector: 2 if connector.finishing else 0 if connector.evse.plugged else 1)
        return free[0] if free else None

    def take_floating_claim(self, connector):
        """A car was plugged in at `connector`: a claim that was not made for a certain connector moves here."""
        for other in self.connectors:
            if other.claimed and other.claimed[2] and not other.evse.plugged:
                connector.claimed, other.claimed = other.claimed, None
                other.update()
                return
