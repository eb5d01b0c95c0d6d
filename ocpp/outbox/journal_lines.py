"""Reads and writes the lines of a Journal, in the files of its segments; loaded when there are some."""

import json

from ocpp import log
from ocpp.outbox.queued import MANY, START, VALUES
from ocpp.store.checked_lines import PREFIX, SEGMENT_BYTES, encode, lines, number_of, whole


def append(journal, record):
    """Put `record`, a list whose first element becomes its number, on flash; returns the number. OSError when that is
    not possible."""
    record[0] = number = journal.next
    line = encode(record)
    if journal.store.waiting:
        _keep(journal, number, line)
    else:
        write(journal, number, line)
    _counted(journal, number)
    return number


def keep(journal, record):
    """Like append(), but the line waits in the store: it could not be written."""
    record[0] = number = journal.next
    _keep(journal, number, encode(record))
    _counted(journal, number)


def _keep(journal, number, line):
    journal.loose.append(number)
    from ocpp.store import waiting

    waiting.put_line(journal.store, number, line)


def _counted(journal, number):
    journal.next = number + 1
    journal.count += 1


def added(outbox, record):
    """Note what follows for the outbox from a new `record`."""
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


def first(journal, at_least):
    """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
    record = _first_on_flash(journal, at_least)
    if record is None and journal.store.waiting:
        from ocpp.store import waiting

        for line in waiting.lines(journal.store, at_least)[:1]:
            record = json.loads(line[9:-1])
    if record is None:
        journal.count = 0
    else:
        journal.given = record[0]
    return record


def _first_on_flash(journal, at_least):
    while journal.segments:
        try:
            record = _first_of_segment(journal, at_least)
        except OSError as error:
            # It is left where it is, for the next start.
            log.error("%s cannot be read, its messages are left out: %r", journal.path(0), error)
            _forget(journal)
            continue
        if record is not None or len(journal.segments) == 1:
            return record
        _drop(journal)
    return None


def _first_of_segment(journal, at_least):
    with open(journal.path(0), "rb") as file:
        file.seek(journal.offset)
        line = file.readline()
        while line:
            if whole(line) and number_of(line) >= at_least:
                return json.loads(line[9:-1])
            journal.offset += len(line)
            line = file.readline()
    return None


def ends(journal):
    """Whether the files go with the record that `first` gave, for it is the last one and they are full."""
    return journal.count == 1 and journal.segments != [] and journal.sizes[-1] >= SEGMENT_BYTES - 128


def taken(journal):
    """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
    last = ends(journal)
    journal.count -= 1
    if journal.store.waiting:
        from ocpp.store import flush

        flush.taken(journal.store, journal.given)
    journal.loose = [number for number in journal.loose if number > journal.given]
    if last:
        while journal.segments:
            _drop(journal)
        journal.fresh = True


def _drop(journal):
    """Delete the first segment."""
    name = PREFIX + str(journal.segments[0])
    if journal.store.waiting:
        from ocpp.store import waiting

        waiting.put_delete(journal.store, name)
    else:
        journal.store.remove_file(name)
    _forget(journal)


def _forget(journal):
    journal.segments.pop(0)
    journal.sizes.pop(0)
    journal.offset = 0
    if not journal.segments:
        journal.fresh = True


def write(journal, number, line):
    """Append `line` to the last segment, or begin one. OSError when that fails; when it is called again then, it finds
    out whether the line is there."""
    if journal.doubtful is not None and _is_there(journal, number):
        return
    size = 0 if journal.fresh or not journal.segments else journal.sizes[-1]
    begins = size == 0 or size + len(line) > SEGMENT_BYTES
    name = _free_name(journal, number) if begins else journal.segments[-1]
    journal.doubtful = name
    journal.store.append(PREFIX + str(name), line)
    _written(journal, name, size + len(line), len(line))


def _written(journal, name, size, added):
    """The segment `name` has a line of `added` bytes more."""
    journal.doubtful = None
    journal.fresh = False
    if journal.segments[-1:] != [name]:
        journal.segments.append(name)
        journal.sizes.append(0)
    journal.sizes[-1] += added


def _free_name(journal, number):
    """The name of the segment that begins with the line `number`: that, or the next that nothing else has."""
    name = max(number, journal.segments[-1] + 1) if journal.segments else number
    while PREFIX + str(name) in journal.store.folders:
        name += 1
    return name


def _is_there(journal, number):
    """Whether the line `number`, whose writing has failed, is whole on flash. A part of it that is there is not
    completed."""
    name = journal.doubtful
    size, found = 0, False
    try:
        for line in lines("%s/%s%d" % (journal.store.path, PREFIX, name)):
            size += len(line)
            found = whole(line) and number_of(line) == number
    except OSError:
        pass
    begun = journal.segments[-1:] == [name]
    if found:
        _written(journal, name, size, size - journal.sizes[-1] if begun else size)
    elif begun:
        journal.sizes[-1] = size
        journal.fresh = True
        journal.doubtful = None
    else:
        from ocpp.store import records

        records.delete_file(journal.store, PREFIX + str(name))
        journal.doubtful = None
    return found
