"""The events of a charging session at a connector: claimed, begun, stopped, ended (3.5.4, 4.8, 4.10).

Each function changes facts of the connector; its update() derives status and transaction from them."""

from micropython import const

from ocpp import log

from profiles.core.statuses import AVAILABLE, FINISHING, NO_ERROR, PREPARING, RESERVED

# The positions in an authorization, see claim().
_FLOATING = const(2)
_FREE = const(4)


def set_status(connector, status, error):
    """Make this the status of the connector and report it to the central system."""
    if {status, connector.status} in ({RESERVED, PREPARING}, {RESERVED, FINISHING}) and not _is_holder(connector):
        # Only the holder of the reservation goes straight there; report Available in between (4.9 B1, F1, G1).
        set_status(connector, AVAILABLE, NO_ERROR)
    if status == PREPARING and connector.status != PREPARING and not connector.authorization:
        connector.since = connector.core.engine.clock.uptime()
    log.info("connector %d: %s%s", connector.number, status, "" if error is NO_ERROR else " %s" % (error,))
    connector.status, connector.error = status, error
    connector.core.status.report(connector)
    connector.core.engine.ask("status_changed", connector)


def _is_holder(connector):
    """Whether the authorized idTag is that of the connector's reservation."""
    authorization = connector.authorization
    return authorization and connector.core.engine.ask("reservation", connector, *authorization[:2]) is not None


def admits(connector, *who):
    """Whether no reservation keeps the connector from `who`: an idTag, its parentIdTag, and whether that is unknown."""
    return not connector.core.engine.ask("keeps_from", connector, *who)


def claim(connector, id_tag, parent=None, floating=False, profile=None, free=False):
    """`id_tag` is authorized to charge here; the transaction starts when a car is connected. A `floating` authorization
    was not given for this connector in particular. `profile`: the checked charging profile of a remote start, or None.
    `free`: it is that of the car which is plugged in, and ends when it leaves."""
    connector.authorization = (id_tag, parent, floating, profile, free)
    connector.finishing = False
    connector.since = connector.core.engine.clock.uptime()
    connector.evse.changed.set()  # Core.follow() goes on, so that not all code is in memory at once


def cancel(connector):
    """End the authorization: it was cancelled, or no car was plugged in."""
    connector.authorization = None
    connector.finishing = connector.evse.plugged
    connector.update()


def unlock(connector):
    """UnlockConnector (1.6 5.18): cancel a session that was about to start here, unlock the cable, and retry a lock
    that jams."""
    if connector.authorization and connector.evse.plugged:
        connector.served = connector.authorization[_FREE]
        cancel(connector)
    release(connector)
    connector.evse.lock.retry()


def set_operative(connector, operative):
    """ChangeAvailability; a running transaction goes on (1.6 5.2)."""
    if not operative:
        connector.authorization = None
        if connector.status == PREPARING:
            set_status(connector, AVAILABLE, NO_ERROR)  # there is no way from Preparing to Unavailable (4.9)
    connector.operative = operative
    connector.update()


def plugged_in(connector):
    """A car has come: move a floating authorization here from an empty connector. A car that comes back to its cable
    begins a new session (4.9 F2)."""
    connector.finishing = connector.cable_holder is not None
    if connector.authorization or not connector.free:
        return
    for other in connector.core.connectors:
        moved = other.authorization
        if moved and moved[_FLOATING] and not other.evse.plugged:
            other.authorization = None
            if admits(connector, *moved[:2]):
                connector.authorization = moved
                connector.since = other.since
                other.update()
                return
            other.authorization = moved


def unplugged(connector):
    """The car has gone, or its cable after it (1.6 4.9, 4.10, 9.1.23)."""
    if connector.authorization and connector.authorization[_FREE]:
        connector.authorization = None
    if connector.served:
        from profiles.core import free_charging

        free_charging.gone(connector)
    if connector.cable_holder and not connector.evse.cable_in:
        release(connector)
    bound = (connector.transaction or connector.cable_holder) is not None
    connector.ev_left = connector.finishing = bound and connector.evse.cable_in
    if connector.core.engine.keys["StopTransactionOnEVSideDisconnect"]:
        stop(connector, "EVDisconnected")


def begin(connector):
    """Start the transaction of a connector that is authorized, plugged and locked."""
    id_tag, parent = connector.authorization[:2]
    if connector.status != PREPARING:
        # There is no other way into a session (4.9 A2, F2, I2).
        from profiles.core import connector_status

        set_status(connector, PREPARING, connector_status.warning_of(connector))
    transaction = _started(connector, id_tag, parent)
    if transaction is None:
        return cancel(connector)
    connector.authorization = None
    connector.finishing = False
    run(connector, transaction)


def _started(connector, id_tag, parent):
    """The transaction, or None when neither flash nor the central system could keep that it has begun."""
    core = connector.core
    core.metering.register(connector)  # shows whether flash can be written
    if recordable(core.engine):
        try:
            from profiles.core import transactions

            return transactions.start(core, connector, id_tag, parent)
        except OSError as error:  # its charging profile cannot be kept
            log.error("connector %d: %r", connector.number, error)
    log.error("connector %d: no transaction may begin, it could not be recorded", connector.number)
    return None


def recordable(engine):
    """Whether a transaction that begins now is not lost: flash can be written, or the central system takes its messages
    at once."""
    return engine.online or not engine.store.waiting


def run(connector, transaction):
    """`transaction` is started, or found again after a restart: energy may flow."""
    connector.transaction = transaction
    connector.core.metering.begin(connector)
    if not connector.resuming:
        connector.core.engine.ask("transactions_changed")
    connector.evse.permit(True)


def stop(connector, reason, id_tag=None):
    """End the running transaction, if there is one; `reason` as in 1.6 7.36. It is over when the contactor has opened,
    so that the last Wh is in its stop message; from now on it will be, whatever happens to the power."""
    if connector.transaction and not connector.ending:
        connector.ending = (reason, id_tag)
        connector.evse.permit(False)  # before anything that may fail
        connector.evse.changed.set()
        from profiles.core import transactions

        transactions.ending(connector.core, connector)


def end(connector):
    """The contactor has opened after stop()."""
    reason, id_tag = connector.ending
    transaction = connector.transaction
    from profiles.core import transactions

    transactions.stop(connector.core, connector, transaction, reason, id_tag)
    connector.transaction = connector.ending = None
    connector.core.engine.ask("transactions_changed")
    connector.finishing = connector.evse.plugged or connector.ev_left
    if connector.evse.lock.fitted and connector.evse.cable_in and _keeps_cable(connector, transaction, reason):
        connector.cable_holder = transaction  # until its idTag, or one of the same parent, is presented (3.5.4, E 3.5)
    else:
        release(connector)
    if connector.free_id_tag and (connector.evse.plugged or connector.resuming):
        from profiles.core import free_charging

        free_charging.ended(connector, reason)


def _keeps_cable(connector, transaction, reason):
    """Whether the owner of `transaction` has to present his idTag for his cable; nobody has that of free charging."""
    from profiles.core import free_charging

    if free_charging.is_its_own(connector, transaction):
        return False
    if reason == "EVDisconnected":
        return not connector.core.engine.keys["UnlockConnectorOnEVSideDisconnect"]
    return reason == "DeAuthorized"


def release(connector):
    """Unlock the cable."""
    connector.cable_holder = None
    connector.evse.lock.wanted = False


def id_tag_status_received(connector, status):
    """The central system has answered `status` for the running transaction's idTag (1.6 3.5.4, 9.1.14, E 3.17). With
    None, no answer, the authorization with which the transaction has begun holds."""
    if status in ("Accepted", None) or not connector.transaction:
        return
    log.warning("connector %d: idTag is %s", connector.number, status)
    keys, record = connector.core.engine.keys, connector.transaction.record
    if keys["MaxEnergyOnInvalidId"] and "limit" not in record:
        record["limit"] = connector.evse.devices.meter.energy_wh + keys["MaxEnergyOnInvalidId"]
        from profiles.core import transactions

        transactions.save(connector.core, connector, record)
    elif keys["StopTransactionOnInvalidId"]:
        stop(connector, "DeAuthorized")
    else:
        connector.evse.permit(False)
        connector.update()
