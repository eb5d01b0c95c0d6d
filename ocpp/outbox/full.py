"""No room for a message of the outbox: flash is full or cannot be written, or memory is short; loaded when that
happens."""

from micropython import const

from ocpp import log
from ocpp.outbox.queued import START, VALUES

_LOG_EVERY = const(100)
_MAX_VALUES_WAITING = const(8)  # messages in memory with which no more meter values are added


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
            from ocpp.store import waiting

            if not outbox.store.waiting:  # else the log has it already
                waiting.failed(again)
            from ocpp.outbox import journal_lines

            journal_lines.keep(journal, record)


def admits(outbox, kind):
    """Whether a message of `kind` is added although there is little room; others may be dropped for it."""
    return _may_wait(outbox, kind) if outbox.store.waiting else make_room(outbox, kind)


def _may_wait(outbox, kind):
    """Flash cannot be written: in memory there is room for a few meter values; the others are counted."""
    from ocpp.store import waiting

    if kind != VALUES or len(waiting.lines(outbox.store)) < _MAX_VALUES_WAITING:
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
        from ocpp import events

        events.tell("MemoryExhaustion", "the queue of transaction messages is full")
    if after > before:
        outbox.save()
    return not stays_out
