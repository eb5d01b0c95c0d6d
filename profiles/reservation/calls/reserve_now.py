"""ReserveNow (1.6 5.13, 7.40)."""

from ocpp.clock.iso8601 import parse
from profiles.core.statuses import FAULTED, UNAVAILABLE

from profiles.reservation import rules

SWITCHED_OFF = {"status": "Rejected"}  # "not configured to accept reservations" (5.13, 7.40)


async def handle(profile, payload):
    """Accepted, and on flash; else nothing has changed. One with the id of another takes its place. That a connector is
    Faulted, Unavailable or Occupied goes before an expiryDate that has passed, which is Rejected."""
    number, identity = payload["connectorId"], payload["reservationId"]
    expiry = _expiry(payload["expiryDate"])
    status = "Rejected"
    if _possible(profile, number):
        status = _status(profile, number, rules.find(profile, identity))
    if status == "Accepted" and profile.core.engine.clock.now() >= expiry:
        status = "Rejected"
    if status == "Accepted":
        record = [identity, number, payload["idTag"], payload.get("parentIdTag"), expiry]
        rules.change(profile, [other for other in profile.reservations if other[rules.ID] != identity] + [record])
        _take_back(profile)
    return {"status": status}


def _expiry(text):
    """Seconds since 2000; a date outside the range of the clock counts as long ago or as never."""
    try:
        return parse(text)
    except ValueError:
        return parse("2099-12-31T23:59:59Z") if text > "2099" else 0


def _possible(profile, number):
    """Whether there is such a connector, and it can be reserved (9.3.1)."""
    if number == 0:
        return profile.core.engine.keys["ReserveConnectorZeroSupported"]
    return profile.core.connector(number) is not None


def _status(profile, number, replaced):
    core = profile.core
    if not core.operative:
        return UNAVAILABLE
    if replaced and replaced[rules.CONNECTOR] == number:
        return "Accepted"
    others = [record for record in profile.reservations if record is not replaced]
    vacant = rules.vacant(profile, others)
    chosen = [connector for connector in core.connectors if number in (0, connector.number)]
    if len(vacant) > rules.zeros(others) and (number == 0 or chosen[0] in vacant):
        return "Accepted"
    statuses = [connector.status for connector in chosen]
    if all([status in (FAULTED, UNAVAILABLE) for status in statuses]):
        return FAULTED if FAULTED in statuses else UNAVAILABLE
    return "Occupied"


def _take_back(profile):
    """End an authorization that was possible only by the reservation that is replaced."""
    for connector in profile.core.connectors:
        if connector.authorization and not rules.admits(profile, connector, *connector.authorization[:2]):
            connector.session.cancel(connector)
