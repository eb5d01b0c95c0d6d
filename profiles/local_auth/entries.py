"""The local authorization list on flash (1.6 3.5.2): one file, never in memory as a whole.

It is records of RECORD bytes in the order of their first KEY bytes, the idTag in lower case (E 3.74), and a foot of
FOOT bytes of text: version of this form, listVersion, number of records, CRC-32 of them. A record is idTag, index of
the status in STATUSES, expiry (4 bytes, seconds since 2000 or 0), parentIdTag; texts are filled up with zeros. No file
is the empty list, whose version is 0 (5.10). A new list replaces the file at once, see update.py.
"""

from profiles.core.id_tag_info import status_now

FILE = "list"
STATUSES = ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx")
RECORD = 45
KEY = 20
FORM = 1
FOOT = 64


def field(text):
    """An idTag or parentIdTag as it is in a record; ValueError for what is none (7.15: printable ASCII)."""
    text = text.encode()
    if len(text) > KEY or any([not 32 <= byte < 127 for byte in text]):
        raise ValueError
    return text + bytes(KEY - len(text))


def path(engine):
    return engine.store.path + "/" + FILE


def foot(engine):
    """(listVersion, number of records, CRC-32 of them)."""
    try:
        with open(path(engine), "rb") as file:
            return _read_foot(file)
    except OSError:
        return 0, 0, 0


def _read_foot(file):
    file.seek(max(0, file.seek(0, 2) - FOOT))
    try:
        form, version, count, crc = [int(word) for word in file.read().split()]
    except ValueError:
        form = 0
    return (version, count, crc) if form == FORM else (0, 0, 0)


def lookup(engine, id_tag):
    """(status, parentIdTag or None) of `id_tag` as it is now, or None when it is not on the list."""
    try:
        wanted = field(id_tag.lower())
        with open(path(engine), "rb") as file:
            record = _find(file, wanted)
    except (OSError, ValueError):
        return None  # there is no list, or it can be on none
    if record is None:
        return None
    ends = int.from_bytes(record[KEY + 1 : KEY + 5], "big")
    parent = record[KEY + 5 :].rstrip(b"\0").decode()
    return status_now(engine, STATUSES[record[KEY]], ends), parent or None


def _find(file, wanted):
    """The record that begins with `wanted`, or None."""
    low, high = 0, _read_foot(file)[1]
    while low < high:
        middle = (low + high) // 2
        file.seek(middle * RECORD)
        record = file.read(RECORD)
        if record[:KEY] == wanted:
            return record
        if record[:KEY] < wanted:
            low = middle + 1
        else:
            high = middle
    return None
