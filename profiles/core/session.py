"""What happens a few times in a charging session at a connector: claimed, begun, judged, stopped (3.5.4, 4.8, 4.10).

Each function changes facts of the connector; its update() draws the conclusions."""

from ocpp import log

from profiles.core.statuses import AVAILABLE, FINISHING, NO_ERROR, PREPARING, RESERVED


def tell(connector, status, error):
    """This is the status now, and the central system is to know."""
    if {status, connector.status} in ({RESERVED, PREPARING}, {RESERVED, FINISHING}) and not _is_holder(connector):
        # Only who has reserved it comes from one to the other without it being available in between (4.9 B1, F1, G1).
        tell(connector, AVAILABLE, NO_ERROR)
    if status == PREPARING and connector.status != PREPARING and not connector.claimed:
        connector.since = connector.core.engine.clock.uptime()
    log.info("connector %d: %s%s", connector.number, status, "" if error is NO_ERROR else " %s" % (error,))
    connector.status, connector.error = status, error
    connector.core.status.report(connector)
    connector.core.engine.ask("status_changed", connector)


def _is_holder(connector):
    """Whether the connector is claimed by whom it is reserved for."""
    claimed = connector.claimed
    return claimed and connector.core.engine.ask("reservation_of", connector, *claimed[:2]) is not None


def admits(connector, *who):
    """Whether no reservation keeps the connector from `who`: an idTag, its parentIdTag, and whether that is unknown."""
    return not connector.core.engine.ask("keeps_from", connector, *who)


def claim(connector, id_tag, parent=None, floating=False, profile=None, free=False):
    """`id_tag` is authorized to charge here; the transaction starts when a car is connected. A `floating` claim was not
    made for this connector in particular. `profile`: what smart_charging knows of it, if anything. `free`: it is that
    of the car which is plugged in, and goes with it."""
    connector.claimed = (id_tag, parent, floating, profile, free)
    connector.finishing = False
    connector.since = connector.core.engine.clock.uptime()
    connector.evse.changed.set()  # what follows is a task of its own, not to pile up code in memory


def cancel(connector):
    """The claim is taken back, or nobody came."""
    connector.claimed = None
    connector.finishing = connector.evse.plugged
    connector.update()


def unlock(connector):
    """Give the cable back for whoever asks the central system for it (1.6 5.18): a session that was about to start here
    does not, and the lock is tried anew."""
    if connector.claimed and connector.evse.plugged:
        connector.served = connector.claimed[4]
        cancel(connector)
    release(connector)
    connector.evse.lock.retry()


def set_operative(connector, operative):
    """ChangeAvailability; a running transaction goes on (1.6 5.2)."""
    if not operative:
        connector.claimed = None
        if connector.status == PREPARING:
            tell(connector, AVAILABLE, NO_ERROR)  # there is no way from Preparing to Unavailable (4.9)
    connector.operative = operative
    connector.update()


def plugged_in(connector):
    """A car has come: a claim that was not made for a certain connector moves here. One that comes back to its cable
    begins anew (4.9 F2)."""
    connector.finishing = connector.held is not None
    if connector.claimed or not connector.free:
        return
    for other in connector.core.connectors:
        claimed = other.claimed
        if claimed and claimed[2] and not other.evse.plugged:
            other.claimed = None
            if admits(connector, *claimed[:2]):
                connector.claimed = claimed
                connector.since = other.since
                other.update()
                return
            other.claimed = claimed


def unplugged(connector):
    """The car has gone, or its cable after it (1.6 4.9, 4.10, 9.1.23)."""
    if connector.claimed and connector.claimed[4]:
        connector.claimed = None
    if connector.served:
        from profiles.core import free_charging
        free_charging.gone(connector)
    if connector.held and not connector.evse.cable_in:
        release(connector)
    bound = (connector.transaction or connector.held) is not None
    connector.left = connector.finishing = bound and connector.evse.cable_in
    if connector.core.engine.keys["StopTransactionOnEVSideDisconnect"]:
        stop(connector, "EVDisconnected")


def begin(connector):
    """Claimed, plugged and locked: the transaction starts."""
    id_tag, parent = connector.claimed[:2]
    if connector.status != PREPARING:
        # There is no other way into a session (4.9 A2, F2, I2).
        from profiles.core import connector_status

        tell(connector, PREPARING, connector_status.warning_of(connector))
    transaction = _started(connector, id_tag, parent)
    if transaction is None:
        return cancel(connector)
    connector.claimed = None
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
    connector.finishing = connector.evse.plugged or connector.left
    if connector.evse.lock.fitted and connector.evse.cable_in and _keeps_cable(connector, transaction, reason):
        connector.held = transaction  # until its idTag, or one of the same parent, is presented (3.5.4, E 3.5)
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
    """Give the cable back."""
    connector.held = None
    connector.evse.lock.wanted = False


def judged(connector, status):
    """What the central system says of the running transaction's idTag (1.6 3.5.4, 9.1.14, E 3.17); None if it says
    nothing, then the authorization with which the transaction has begun holds."""
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
