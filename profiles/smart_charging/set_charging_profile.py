"""SetChargingProfile (1.6 5.16, 6.43, E 3.37 - 3.39, 3.53)."""

from ocpp import log
from ocpp.errors import OcppError

from . import installed
from .configuration import MAX_INSTALLED
from .packing import pack

_UNITS = {"A": "Current", "W": "Power"}


async def handle(smart, payload):
    """Accepted: it is on flash and in effect. NotSupported: not in that unit (9.4.2). Rejected: it contradicts itself
    or what is said of its purpose, there is no such transaction, or there are too many already."""
    number, profile = payload["connectorId"], payload["csChargingProfiles"]
    if not 0 <= number <= len(smart.core.connectors):
        raise OcppError("PropertyConstraintViolation", "connectorId: there is no connector %d" % number)
    if not supported(smart, profile):
        return {"status": "NotSupported"}
    engine = smart.core.engine
    try:
        head, body = pack(profile, engine.clock.now())
        key = (number,) + head + (_transaction(smart.core, number, profile),)
        _room(smart, key)
    except ValueError as error:
        log.warning("charging profile %d rejected: %s", profile["chargingProfileId"], error)
        return {"status": "Rejected"}
    installed.put(engine.store, key, body)
    smart.update()
    return {"status": "Accepted"}


def supported(smart, profile):
    """Whether its unit is allowed by ChargingScheduleAllowedChargingRateUnit."""
    unit = _UNITS[profile["chargingSchedule"]["chargingRateUnit"]]
    return unit in smart.core.engine.keys["ChargingScheduleAllowedChargingRateUnit"]


def _transaction(core, number, profile):
    """The number of the transaction that a TxProfile is for, else 0 (3.13.1)."""
    purpose = profile["chargingProfilePurpose"]
    if purpose == "TxProfile":
        if number == 0 or core.connector(number).transaction is None:
            raise ValueError("there is no transaction")
        transaction = core.connector(number).transaction
        if profile.get("transactionId", core.id_of(transaction)) != core.id_of(transaction):
            raise ValueError("that is another transaction")
        return transaction.number
    if number and purpose == "ChargePointMaxProfile":
        raise ValueError("this purpose is for connector 0")
    return 0


def _room(smart, key):
    """ValueError when there are MaxChargingProfilesInstalled beside those that it replaces."""
    keys = installed.index(smart.core.engine.store)
    if len(keys) - len(installed.replaced(keys, key)) >= MAX_INSTALLED:
        keys = installed.sweep(smart)
        if len(keys) - len(installed.replaced(keys, key)) >= MAX_INSTALLED:
            raise ValueError("there are %d already" % len(keys))


def for_remote_start(smart, profile):
    """(smart, stackLevel, chargingProfileId, body) of the profile in a RemoteStartTransaction.req, for start(); None if
    it will not do (5.11, 5.16.2, E 3.41, 3.67)."""
    try:
        head, body = pack(profile, 0)
        if profile["chargingProfilePurpose"] != "TxProfile" or "transactionId" in profile:
            raise ValueError("no TxProfile without a transactionId")
        if not supported(smart, profile) or len(installed.sweep(smart)) >= MAX_INSTALLED:
            raise ValueError("unit not supported, or too many profiles")
    except ValueError as error:
        log.warning("remote start with a charging profile rejected: %s", error)
        return None
    return (smart,) + head[1:] + (body,)


def start(profile, number, transaction):
    """Install what for_remote_start() has given at connector `number`, where the transaction with the number
    `transaction` is about to start; it will be in effect with the next update()."""
    smart, level, identity, body = profile
    installed.put(smart.core.engine.store, (number, installed.TRANSACTION, level, identity, transaction), body)
    smart.any = True
