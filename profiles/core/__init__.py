"""The Core profile (1.6 3.3): connectors, transactions, metering, authorization, configuration, reset.

Code for status, transactions and metering is resident; code for an event of a driver or of the central system is loaded
when the event comes.
"""

import memory

from profiles import Profile
from profiles.core.connector import Connector


class Core(Profile):
    """The resident object of the profile. `evses` are given by main, numbered from 1; `free_id_tags`: of each its idTag
    for free charging, or None (see free_charging.py)."""

    name = "Core"
    folder = "core"

    def __init__(self, evses, card_reader=None, free_id_tags=()):
        self.connectors = [Connector(self, evse) for evse in evses]
        for connector, id_tag in zip(self.connectors, free_id_tags):
            connector.free_id_tag = id_tag
        self.keys = ("profiles.core.configuration", evses)  # where the declarations are, see Keys.declare()
        self.card_reader = card_reader
        self.operative = True
        self.taps = {}  # (idTag in lower case, connector or None) -> task that decides on this card
        self.questions = {}  # idTag in lower case -> what the central system is asked about it, see authorization.py
        # Set when it starts.
        self.engine = self.metering = self.status = None
        self.changed = None  # the event that ticks set

    def start(self, engine):
        from profiles.core import resuming

        resuming.start(self, engine)

    async def follow(self):
        """Follow the EVSEs, for ever; a connector that fails does not hold up the others."""
        while True:
            self.changed.clear()
            failed = None
            for connector in self.connectors:
                try:
                    connector.update()
                except Exception as error:
                    failed = error
            if failed:
                raise failed
            self.engine.ask("connectors_changed")
            await self.changed.wait()

    def accepted(self):
        """The central system has accepted the charge point: report the status of connector 0 and all others (1.6 4.9, E
        3.22)."""
        self.status.all()

    def reconnected(self):
        """Back online without a new boot: report the statuses that changed meanwhile (1.6 4.9)."""
        self.status.changed.set()

    def storage_changed(self):
        """Flash cannot be written any more, or can be again."""
        if self.engine.store.waiting:
            from ocpp import events

            events.tell("MemoryExhaustion", "flash cannot be written")
        self.status.zero()
        self.changed.set()

    def connector(self, number):
        """The connector with this number, or None."""
        return self.connectors[number - 1] if 1 <= number <= len(self.connectors) else None

    def id_of(self, transaction):
        """The central system's transactionId, or None while it has not come."""
        identity = self.engine.outbox.transaction_id(transaction.number)
        return identity[0] if identity else None

    def render(self, *message):
        from profiles.core import transaction_messages

        return transaction_messages.render(self.engine, *message)

    def confirmed(self, *message):
        from profiles.core import transaction_messages

        transaction_messages.confirmed(self, *message)
        memory.look()

    def check_time(self):
        """Once a second see what is due."""
        self.engine.clock.keep(self.engine.store)
        for connector in self.connectors:
            connector.check_time()
        self.metering.check_time()

    async def cards(self):
        while True:
            id_tag, number = await self.card_reader.next()
            import profiles.core.card_presented

            profiles.core.card_presented.card(self, id_tag, number)
            memory.look()
