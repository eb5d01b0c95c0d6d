"""What a journal holds."""


def taken(journal, at_least=1):
    """All bodies that are left, in order; the journal is empty afterwards."""
    bodies = []
    record = journal.first(at_least)
    while record is not None:
        bodies.append(record[1])
        journal.taken()
        record = journal.first(record[0] + 1)
    return bodies
