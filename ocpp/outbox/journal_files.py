"""Writes lines to the segments of a Journal; loaded when there are some."""

from ocpp.store.checked_lines import PREFIX, SEGMENT_BYTES, lines, number_of, whole


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
    """Whether the line `number`, whose writing has failed, is whole on flash. What is there of it is not continued."""
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
        from ocpp.store import files

        files.delete_file(journal.store, PREFIX + str(name))
        journal.doubtful = None
    return found
