"""Free charging: at a connector with a `free_id_tag` everybody who plugs in charges, on that idTag of the owner.

The owner of the charge point has authorized it, so there is no Authorize before the start (1.6 4.1); the idTag status
in the answer to StartTransaction counts as for any other idTag (3.5.4). A card or a remote start before it goes first.
Each time a car is plugged in it gets one session: `served` is set once that has begun, also over a restart, unless the
restart has ended it.
"""

from ocpp import log

_RESTARTS = ("HardReset", "SoftReset", "Reboot", "PowerLoss")  # the reasons of a stop after which a car charges again


def is_due(connector):
    """Whether a car is plugged in that has not charged yet, and may: nobody has authorized or reserved here, no card is
    being decided on, the connector is in service, and there is room for the messages."""
    return (
        connector.evse.plugged
        and not connector.served
        and connector.free
        and not connector.core.taps
        and not connector.core.engine.outbox.full
        and connector.session.admits(connector, connector.free_id_tag)
    )


def is_its_own(connector, transaction):
    """Whether `transaction` was started by plugging in, so that there is no card for it."""
    return connector.free_id_tag == transaction.id_tag


def restore(connector):
    """Restore `served` of each connector after a restart."""
    connector.served = connector.core.engine.store.exists(_name(connector))


def ended(connector, reason):
    """A transaction has ended, and the car may be there still."""
    connector.served = True
    store = connector.core.engine.store
    try:
        store.remove(_name(connector)) if reason in _RESTARTS else store.save(_name(connector), 1)
    except OSError as error:
        log.warning("connector %d: a restart will not know that this car has charged: %r", connector.number, error)


def gone(connector):
    """The car has gone; the next one gets a session of its own."""
    connector.served = False
    connector.core.engine.store.remove(_name(connector))


def _name(connector):
    return "served%d" % connector.number
