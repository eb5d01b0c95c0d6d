"""Acts on an identifier that is presented at the reader, and chooses the connector of a new session (1.6 4.1, 4.9)."""

import asyncio

from micropython import const

from ocpp import log
import memory

_MAX_WAITING = const(4)  # cards that wait for their decision


def card(core, id_tag, number):
    """A card was presented at the reader of connector `number` or of all (None). A task of its own decides what follows
    and tells the reader the result. The same card once more cancels that, before the decision or after it (4.9 B1)."""
    log.info("card %s", id_tag)
    tap = id_tag.lower(), number  # CiString (E 3.74)
    if tap in core.taps:
        log.info("card %s: taken back", id_tag)
        core.taps.pop(tap).cancel()
        core.card_reader.answered(True, len(core.taps) > 0)
    elif len(core.taps) < _MAX_WAITING:
        core.taps[tap] = asyncio.create_task(_decide(core, tap, id_tag, number))
    else:
        log.warning("card %s: %d others wait", id_tag, _MAX_WAITING)
        core.card_reader.answered(False, True)


async def _decide(core, tap, id_tag, number):
    good = False
    memory.hold(__name__, 1)
    try:
        await present(core, id_tag, number)
        good = True
    except ValueError as error:
        log.warning("card %s: %s", id_tag, error)
    except Exception as error:
        log.exception("card failed", error)
    finally:
        memory.hold(__name__, -1)
    # One that is taken back does not come here.
    del core.taps[tap]
    core.card_reader.answered(good, len(core.taps) > 0)
    memory.look()


async def present(core, id_tag, number=None):
    """An identifier is presented at connector `number`, or anywhere: it stops what it started, gets its cable back,
    cancels its authorization (4.9 B1), or claims a connector. ValueError says why it was refused.

    It claims only a connector that was free when it was presented. One whose session ended before the central system
    has answered may still have the car of that session: who wanted to stop it must not pay for another session."""
    chosen = [connector for connector in core.connectors if number in (None, connector.number)]
    if _end_own(chosen, id_tag, None):
        return
    free = [connector for connector in chosen if connector.free]
    connector = possible_connector(core, number, id_tag)
    if connector is None and not any([c.transaction or c.cable_holder for c in chosen]):
        raise ValueError("no connector is free")
    group = connector is not None and not connector.session.admits(connector, id_tag)
    from profiles.core import authorization

    status, parent = await authorization.authorize(core, id_tag, group)
    if status != "Accepted":
        raise ValueError(status)
    if _end_own(chosen, id_tag, parent):
        return
    connector = _best(core, free, id_tag, parent)
    if connector is None:
        raise ValueError("the connector is in use or reserved")
    connector.session.claim(connector, id_tag, parent, floating=number is None)


def _end_own(connectors, id_tag, parent):
    """End what belongs to `id_tag` or, when given, to its group `parent` (1.6 3.10); True if there was something."""
    for connector in connectors:
        if connector.transaction and connector.transaction.belongs_to(id_tag, parent):
            connector.session.stop(connector, "Local", id_tag)
            return True
        if connector.cable_holder and connector.cable_holder.belongs_to(id_tag, parent):
            connector.session.release(connector)
            return True
        authorization = connector.authorization
        if authorization and authorization[0].lower() == id_tag.lower():
            connector.session.cancel(connector)
            return True
    return False


def possible_connector(core, number, id_tag):
    """free_connector() while the parentIdTag is not known: one for `id_tag` itself, else for a group it may be of."""
    return free_connector(core, number, id_tag) or free_connector(core, number, id_tag, None, True)


def free_connector(core, number, *who):
    """The connector that a new session of `who`, see session.admits(), gets: `number` if it is free; else one reserved
    for him, else one with a car that waits, else an empty one, else one whose session is over but whose car is still
    there, for that may be someone else's (E 3.20). None as well when there is no room on flash for another one."""
    return _best(core, [c for c in core.connectors if number in (None, c.number)], *who)


def _best(core, connectors, *who):
    """free_connector() out of `connectors`."""
    engine = core.engine
    from profiles.core import session

    if engine.outbox.full or not session.recordable(engine):
        log.error("no transaction may begin: there is no room to record it")
        return None
    free = [c for c in connectors if c.free and c.session.admits(c, *who)]
    return min(free, key=_preference) if free else None


def _preference(connector):
    return 0 if connector.reserved else 3 if connector.finishing else 1 if connector.evse.plugged else 2
