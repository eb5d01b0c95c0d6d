"""The status of a connector, and what is wrong with it, as its facts are now; loaded when they change (1.6 4.9)."""

from micropython import const

from profiles.core.statuses import AVAILABLE, FAULTED, FINISHING, NO_ERROR, PREPARING, RESERVED, UNAVAILABLE

_CHARGING, _SUSPENDED_EV, _SUSPENDED_EVSE = "Charging", "SuspendedEV", "SuspendedEVSE"
_EV_SIDE = ("NoError", "EV side disconnected", None)
STORAGE = ("OtherError", "storage", "storage")
_LOWEST = const(60)  # tenths of an ampere below which nothing can be offered


def status_of(connector):
    """(status, (errorCode, info, vendorErrorCode)) of `connector`."""
    evse = connector.evse
    error = evse.fault or warning_of(connector)
    status = _session_status(connector)
    if evse.fault:
        # An invalid pilot is a warning, reported only in statuses that may have one (4.9).
        if error[0] != "EVCommunicationError":
            return FAULTED, error
        if status == RESERVED:
            return status, NO_ERROR
        if status in (AVAILABLE, UNAVAILABLE):
            return FAULTED, ("OtherError",) + error[1:]
    gone = connector.ev_left or connector.transaction and not connector.resuming
    if error is NO_ERROR and gone and not evse.plugged:
        error = _EV_SIDE
    return status, error


def warning_of(connector):
    """The warning, a fault with which charging is possible, or NO_ERROR."""
    return connector.evse.warning or (STORAGE if connector.core.engine.store.waiting else NO_ERROR)


def _session_status(connector):
    if connector.transaction:
        return connector.status if connector.ending else _transaction_status(connector)
    if connector.finishing:
        return FINISHING
    if not connector.operative or connector.core.engine.ask("unavailable", connector):
        return UNAVAILABLE
    if (connector.reserved or connector.kept) and not connector.authorization:
        return RESERVED
    return PREPARING if connector.authorization or connector.evse.plugged else AVAILABLE


def _transaction_status(connector):
    """SuspendedEVSE goes before SuspendedEV (4.9); a car that asks is Charging once the contactor has closed."""
    evse = connector.evse
    if not evse.permitted or evse.limit < _LOWEST or evse.fault:
        return _SUSPENDED_EVSE
    if evse.pwm_on and evse.contactor_closed:
        return _CHARGING
    if evse.pwm_on and evse.state[0] == "B" or not (evse.plugged or connector.resuming):
        return _SUSPENDED_EV
    # Between two states: the PWM or the contactor is about to switch on.
    return _SUSPENDED_EVSE if connector.status in (AVAILABLE, FAULTED) else connector.status
