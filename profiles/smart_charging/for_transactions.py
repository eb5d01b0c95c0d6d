"""Installs and removes charging profiles when a transaction is about to start, starts or ends (1.6 3.13.1, 5.11,
5.16.2)."""

from micropython import const

from ocpp import log
import memory

# By name, for an import statement would load the package of the CALLs too.
_CHECKS = "profiles.smart_charging.calls.set_charging_profile"
_TRANSACTION = const(2)  # the place of TxProfile there


def checked_charging_profile(smart, profile):
    """(stackLevel, chargingProfileId, body) of the profile in a RemoteStartTransaction.req; False if it is not valid
    (5.11, 5.16.2, E 3.41, 3.67)."""
    from profiles.smart_charging import stored

    checks, keys = memory.load(_CHECKS), smart.core.engine.keys
    try:
        head, body = checks.pack(keys, profile, 0)
        checks.require(head[0] == _TRANSACTION and "transactionId" not in profile, "no TxProfile without transactionId")
        checks.require(checks.supported(smart, profile), "unit not supported")
        left = len(stored.expire(smart.core.engine))
        checks.require(left < keys["MaxChargingProfilesInstalled"], "there are too many already")
    except ValueError as error:
        log.warning("remote start with a charging profile rejected: %s", error)
        return False
    return head[1:] + (body,)


def charging_profile_begins(smart, checked, number, transaction):
    """Install what checked_charging_profile() has given at connector `number` for the transaction with the number
    `transaction`, which is about to start; it will be in effect with the next update(). OSError if flash fails."""
    from profiles.smart_charging import stored

    level, identity, body = checked
    stored.put(smart.core.engine.store, (number, _TRANSACTION, level, identity, transaction), body)
    smart.has_profiles = True
    smart.expect()


def transactions_changed(smart):
    """Limits follow the transactions."""
    if smart.has_profiles:
        smart.update()
