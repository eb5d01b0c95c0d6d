"""Time stamps that were taken before the clock was set: each start without a set clock is an era, whose correction in
seconds is kept with the head of the outbox (1.6 4.2); loaded when there is one."""

from micropython import const

from ocpp.clock import STALL_S

_MAX_ERAS = const(8)  # corrections that are kept


def own(outbox):
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
    never corrected, are `seconds` late. After a small step back, such as an answer that was under way for a second
    makes, they stay as they are, for the clock stands still instead: one that is corrected would be earlier than what
    the start before has reported (3.7.1)."""
    head, shift = outbox.head, outbox.head["shift"]
    if head["era"] and str(head["era"]) not in shift:
        head["era"] = outbox.own_era
        shift[str(outbox.own_era)] = 0 if -STALL_S < seconds < 0 else seconds
        while len(shift) > _MAX_ERAS:
            del shift[min(shift, key=int)]
        outbox.save()


def correction(outbox, era):
    """Seconds to add to time stamps of `era`. One whose clock was never set is corrected like the next that was, for
    the clock went on from one to the other."""
    shift = outbox.head["shift"]
    while era < outbox.own_era and str(era) not in shift:
        era += 1
    return shift.get(str(era), 0)
