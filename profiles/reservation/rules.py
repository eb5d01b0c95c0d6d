"""The rules of reservations: who may charge where, what ends a reservation, how it is saved (1.6 5.13). A connector has
the flag `reserved` when it is reserved itself, and `kept` when it is one of the last for a reservation of connector
0."""

from ocpp import log
from profiles.core.statuses import FAULTED, UNAVAILABLE

ANSWERS = "keeps_from reservation transaction_started status_changed connectors_changed made_inoperative"
_RECORD = "reservations"  # [the number of the next transaction message when it was saved, reservation, ...]
ID, CONNECTOR, ID_TAG, PARENT, EXPIRY = range(5)  # the positions in a reservation


def restore(profile):
    """Restore the reservations after a restart. If a transaction began just before it, its start message has ended its
    reservation; an older one had a reservation of this id in its time."""
    core = profile.core
    number, *reservations = core.engine.store.load(_RECORD, [0])
    _hold(profile, reservations)
    for connector in core.connectors:
        if connector.transaction and connector.transaction.number >= number:
            end(profile, connector.transaction.record["start"][4])
    connectors_changed(profile)


def _hold(profile, reservations):
    profile.reservations = reservations
    profile.answers = ANSWERS if reservations else ""


def change(profile, records):
    """`records` are the reservations from now on; they are on flash when this returns."""
    engine = profile.core.engine
    engine.store.save(_RECORD, [engine.outbox.next_number] + records)
    _hold(profile, records)
    connectors_changed(profile)


def connectors_changed(profile):
    """Set the flags of each connector. It is `kept` when there are no more vacant ones than reservations of connector 0
    (OCA TC_049), and stays so when a stranger plugs in there."""
    records = profile.reservations
    empty, needed = vacant(profile, records), _needed(profile)
    for connector in profile.core.connectors:
        reserved = any([record[CONNECTOR] == connector.number for record in records])
        least = len(empty) if connector in empty else len(empty) + 1
        kept = not reserved and connector.free and (connector in empty or connector.kept) and least <= needed
        if (connector.reserved, connector.kept) != (reserved, kept):
            connector.reserved, connector.kept = reserved, kept
            connector.evse.changed.set()


def made_inoperative(profile):
    """ChangeAvailability ends them all (5.2)."""
    change(profile, [])


def keeps_from(profile, connector, *who):
    """Whether a reservation keeps the connector from `who`, or None."""
    return not admits(profile, connector, *who) or None


def find(profile, reservation_id):
    """The record of this reservation, or None."""
    for record in profile.reservations:
        if record[ID] == reservation_id:
            return record
    return None


def end(profile, reservation_id):
    """The reservation with this id is over; whether there was one."""
    record = find(profile, reservation_id)
    if record is None:
        return False
    log.info("reservation %d ends", reservation_id)
    change(profile, [other for other in profile.reservations if other is not record])
    return True


def transaction_started(profile, record):
    """The start message ends the reservation (1.6 4.8, 5.13); restore() sees that after a power cut, too."""
    if record["start"][4] is not None:
        end(profile, record["start"][4])


def status_changed(profile, connector):
    """A connector that has become Faulted or Unavailable loses its reservation (5.13)."""
    if connector.reserved and connector.status in (FAULTED, UNAVAILABLE):
        for record in profile.reservations:
            if record[CONNECTOR] == connector.number:
                end(profile, record[ID])
    if profile.reservations:
        connector.evse.changed.set()  # another connector may now be the last for a reservation of connector 0


def expire(profile):
    """End the reservations that have reached their expiryDate."""
    now = profile.core.engine.clock.now()
    for record in profile.reservations:
        if now >= record[EXPIRY]:
            end(profile, record[ID])


def _same(one, other):
    return one.lower() == other.lower()  # CiString (E 3.74)


def _matches(record, id_tag, parent, unknown):
    """Whether the reservation is for `id_tag` or its group `parent` (3.10); if that is `unknown`, whether it may be."""
    if _same(record[ID_TAG], id_tag):
        return True
    return record[PARENT] is not None and (unknown or parent is not None and _same(record[PARENT], parent))


def admits(profile, connector, id_tag, parent=None, unknown=False):
    """Whether `id_tag` may charge at `connector`: nobody else has reserved it, and a connector is left for each other
    reservation of connector 0."""
    own = [record for record in profile.reservations if _matches(record, id_tag, parent, unknown)]
    if connector.reserved:
        return any([record[CONNECTOR] == connector.number for record in own])
    if any([record[CONNECTOR] == 0 for record in own]):
        return True
    others = vacant(profile, profile.reservations)
    return len([c for c in others if c is not connector]) >= _needed(profile)


def zeros(records):
    """How many reservations there are of connector 0."""
    return len([record for record in records if record[CONNECTOR] == 0])


def _needed(profile):
    """How many connectors the reservations of connector 0 need; one whose holder has claimed a connector needs none."""
    used = [reservation(profile, c, *c.authorization[:2]) for c in profile.core.connectors if c.authorization]
    return zeros([record for record in profile.reservations if record[ID] not in used])


def vacant(profile, records):
    """The connectors that nobody uses, and that none of `records` reserves."""
    reserved = [record[CONNECTOR] for record in records]
    return [
        connector
        for connector in profile.core.connectors
        if connector.free and not (connector.evse.plugged or connector.finishing) and connector.number not in reserved
    ]


def reservation(profile, connector, id_tag, parent):
    """The id of the reservation that a transaction of `id_tag` at `connector` ends, or None: that of the connector,
    else one of connector 0, made for the idTag rather than for its group."""
    found = None
    for record in profile.reservations:
        if record[CONNECTOR] in (0, connector.number) and _matches(record, id_tag, parent, False):
            rank = record[CONNECTOR], _same(record[ID_TAG], id_tag)
            if found is None or rank > found[0]:
                found = rank, record[ID]
    return found and found[1]
