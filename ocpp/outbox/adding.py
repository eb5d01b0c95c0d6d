"""What happens to the outbox now and then: a clock that was not set, little room, a new file."""

from micropython import const

from ocpp import log
from ocpp.outbox.kinds import MANY, START, VALUES

_ERAS = const(8)  # corrections that are kept
_LOG_EVERY = const(100)
_VALUES_WAITING = const(8)  # messages in memory with which no more meter values are added


def added(outbox, record):
    """What follows when `record` was added."""
    _, _, transaction, kind, _ = record
    segments = outbox.journal.segments
    if segments and segments[-1] != outbox.head["segment"]:
        outbox.head["segment"] = segments[-1]
        outbox.save()
    if kind != VALUES:
        outbox.urgent = record[0]
        if outbox.sessions is not None:
            outbox.sessions[transaction] = kind == START
    if kind != VALUES or outbox.journal.count > MANY:
        outbox.hurry.set()


def era(outbox):
    """The number of this start's era; it and the time are on flash when this returns, so that the clock of the next
    start goes on from there."""
    head = outbox.head
    if head["era"] != outbox.own_era:
        head["era"] = outbox.own_era
        outbox.save()
    outbox.store.save("clock", outbox.clock.now())
    return outbox.own_era


def clock_moved(outbox, seconds):
    """The clock was set for the first time since the start: time stamps of this era, and of those before it that were
    never corrected, are `seconds` late."""
    head, shift = outbox.head, outbox.head["shift"]
    if head["era"] and str(head["era"]) not in shift:
        head["era"] = outbox.own_era
        shift[str(outbox.own_era)] = seconds
        while len(shift) > _ERAS:
            del shift[min(shift, key=int)]
        outbox.save()


def correction(outbox, era):
    """Seconds to add to time stamps of `era`. One whose clock was never set is corrected like the next that was, for
    the clock went on from one to the other."""
    shift = outbox.head["shift"]
    while era < outbox.own_era and str(era) not in shift:
        era += 1
    return shift.get(str(era), 0)


def append_again(outbox, record, error):
    """`record` was not appended for want of memory or of flash, or not all of it: see what is on flash, and append it
    with what room there is now; if flash cannot be written it waits in memory. MemoryError when that fails too."""
    log.error("outbox: %r, trying again", error)
    journal, number = outbox.journal, outbox.journal.next
    journal.scan(outbox.head["next"])
    try:
        if isinstance(error, OSError):
            make_room(outbox, START)
        if journal.next == number:
            journal.append(record)
    except OSError as again:
        journal.scan(outbox.head["next"])
        if journal.next == number:
            from ocpp.store import unwritten
            if not outbox.store.waiting:  # else it has been told
                unwritten.failed(again)
            from ocpp.outbox import journal_lines
            journal_lines.keep(journal, record)


def admits(outbox, kind):
    """There is little room: whether a message of `kind` is added all the same, for which others may go."""
    return _may_wait(outbox, kind) if outbox.store.waiting else make_room(outbox, kind)


def _may_wait(outbox, kind):
    """Flash cannot be written: in memory there is room for a few meter values; the others are counted."""
    from ocpp.store import unwritten
    if kind != VALUES or len(unwritten.lines(outbox.store)) < _VALUES_WAITING:
        return True
    outbox.head["thinned"] += 1
    outbox.save()
    return False


def make_room(outbox, kind):
    """The outbox is full: thin it out. False when a message of `kind` is to stay out instead."""
    head, journal = outbox.head, outbox.journal
    if head["gaps"] is not None:
        head["gaps"] = None  # not known in a power cut until the head is saved again
        outbox.save()
    from ocpp.outbox.thinning import Thinning

    thinning = Thinning(journal, VALUES, outbox.thinned_to)
    gone = thinning.step(head["next"])
    head["gaps"] = journal.next - head["next"] - journal.count
    outbox.thinned_to = thinning.position
    stays_out = gone is None and kind == VALUES
    before = outbox.head["thinned"]
    outbox.head["thinned"] = after = before + (gone or 0) + stays_out
    if after // _LOG_EVERY > before // _LOG_EVERY or before == 0 < after:
        log.error("the outbox is full: %d meter values thinned out so far", after)
    if after > before:
        outbox.save()
    return not stays_out
