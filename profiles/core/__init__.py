"""The Core profile (1.6 3.3): connectors, transactions, metering, authorization, configuration, reset.

Resident is what must be there at any moment; what runs on an event of a driver or of the central system is loaded then.
"""

from ocpp import log
from ocpp.on_demand import drop, load

from .connector import Connector
from .metering import Metering
from .status import StatusReports

class Core:
    """The resident object of the profile. `evses` are given by main, numbered from 1."""

    name = "Core"
    folder = "core"

    def __init__(self, evses, card_reader=None):
        self.connectors = [Connector(self, evse) for evse in evses]
        self.keys = ("profiles.core.configuration", evses)  # where the declarations are, see Keys.declare()
        self.card_reader = card_reader
        self.operative = True
        self.engine = self.reservation = None  # set when it works

    def start(self, engine):
        """Called once, when all keys are declared."""
        self.engine = engine
        engine.outbox.render = self._render
        engine.outbox.confirmed = self._confirmed
        self.metering = Metering(self)
        self.status = StatusReports(self)
        load("profiles.core.availability").restore(self)
        for connector in self.connectors:
            load("profiles.core.transactions").restore(self, connector)
            engine.spawn(connector.run)
        engine.spawn(self.status.run)
        engine.each_second.append(self.check_time)
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

    def connector_of(self, transaction_id):
        """The connector on which the transaction with this id of the central system runs, or None."""
        for connector in self.connectors:
            if connector.transaction and self.id_of(connector.transaction) == transaction_id:
                return connector
        return None

    def id_of(self, transaction):
        """The central system's transactionId, or None while it has not come."""
        identity = self.engine.outbox.transaction_id(transaction.number)
        return identity[0] if identity else None

    def _render(self, *message):
        return load("profiles.core.messages").render(self.engine, *message)

    def _confirmed(self, *message):
        load("profiles.core.messages").confirmed(self, *message)
        drop()

    def check_time(self):
        """Once a second see what is due."""
        self.engine.clock.keep(self.engine.store)
        for connector in self.connectors:
            connector.check_time()
        self.metering.check_time()
        if self.reservation:
            self.reservation.check_time()

    async def _cards(self):
        while True:
            id_tag, number = await self.card_reader.next()
            log.info("card %s", id_tag)
            good = False
            try:
                await load("profiles.core.presentation").present(self, id_tag, number)
                good = True
            except ValueError as error:
                log.warning("card %s: %s", id_tag, error)
            finally:
                self.card_reader.answered(good)
            drop()
