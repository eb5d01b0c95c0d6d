"""A new local authorization list from the one on flash and the changes of a message: both are read in the order of
their records, so that neither is in memory twice, and the new file takes the place of the old one at the end."""

import asyncio
import binascii
import os

from micropython import const

from ocpp import log
from ocpp.errors import OcppError
from profiles.core.id_tag_info import expiry

from profiles.local_auth.entries import FILE, FOOT, FORM, KEY, RECORD, STATUSES, field, foot, path

_NEW = "list.new"
_DELETE = const(255)  # in the place of a status
_BREATH = const(16)  # records between two rounds of the event loop


class Refused(Exception):
    """The list cannot become what is asked for; the text says why."""


def to_records(changes, full):
    """Turn the AuthorizationData (1.6 7.1) in the list `changes` into records, in order. Refused if one is there twice
    (6.41), or has no idTagInfo in a `full` list; OcppError if a text is no idToken."""
    for index in range(len(changes)):
        changes[index] = _record(changes[index], full)
    changes.sort()
    for index in range(1, len(changes)):
        if changes[index - 1][:KEY] == changes[index][:KEY]:
            raise Refused("%s is there twice" % _name(changes[index]))


def _name(record):
    return record[:KEY].rstrip(b"\0").decode()


def _record(data, full):
    info = data.get("idTagInfo")
    if info is None and full:
        raise Refused("%s has no idTagInfo" % data["idTag"])
    try:
        key = field(data["idTag"].lower())
        if info is None:
            return key + bytes((_DELETE,))
        parent = field(info.get("parentIdTag", ""))
    except ValueError:
        raise OcppError("PropertyConstraintViolation", "%s: an idToken is printable ASCII" % data["idTag"])
    return key + bytes((STATUSES.index(info["status"]),)) + expiry(info).to_bytes(4, "big") + parent


async def apply(engine, changes, version, full):
    """Make `changes`, as to_records() leaves them, the list, or unless it is `full` bring them into the one there is.
    Refused if there are too many then, OSError if flash fails; the old list holds until this returns. `changes` is
    empty afterwards."""
    old_version, count, crc = foot(engine)
    if full and (old_version, count, crc) == (version, len(changes), _crc(changes)):
        return  # the same list again: save a write of flash
    old = _records(engine, 0 if full else count)
    new = engine.store.path + "/" + _NEW
    try:
        with open(new, "wb") as file:
            written = await _write(file, _merge(old, changes), engine.keys["LocalAuthListMaxLength"], version)
        from ocpp.store.inventory import keep

        if written:
            os.rename(new, path(engine))
            keep(engine.store, FILE, 1)
        elif count:
            keep(engine.store, FILE, 0)  # before, that a power cut does not look like a loss
            os.remove(path(engine))
        engine.store.writes += 1
    finally:
        old.close()
        engine.store.remove_file(_NEW)
        del changes[:]  # of the message, which stays until the answer has left


def _crc(changes):
    crc = 0
    for record in changes:
        crc = binascii.crc32(record, crc)
    return crc


def _merge(old, changes):
    """A generator of the records of both in order; where both have a key, that of `changes`."""
    index = 0
    for record in old:
        while index < len(changes) and changes[index][:KEY] < record[:KEY]:
            yield changes[index]
            index += 1
        if index < len(changes) and changes[index][:KEY] == record[:KEY]:
            continue  # it is replaced
        yield record
    while index < len(changes):
        yield changes[index]
        index += 1


async def _write(file, merged, most, version):
    """The file of `merged`; the number of its records."""
    count = crc = 0
    for record in merged:
        if record[KEY] == _DELETE:
            continue
        count += 1
        if count > most:
            raise Refused("it would have more than %d entries" % most)
        crc = binascii.crc32(record, crc)
        file.write(record)
        if count % _BREATH == 0:
            await asyncio.sleep_ms(0)
    text = "%d %d %d %d" % (FORM, version, count, crc)
    file.write((text + " " * (FOOT - len(text))).encode())
    return count


def _records(engine, count):
    """A generator of the first `count` records, to be closed or taken to its end."""
    if count:
        with open(path(engine), "rb") as file:
            for _ in range(count):
                yield file.read(RECORD)


def recover(engine):
    """At the start: remove what a power cut has left of a new list, and a list that is damaged on flash, which the
    central system sees by the version."""
    engine.store.remove_file(_NEW)
    version, count, crc = foot(engine)
    found = 0
    try:
        for record in _records(engine, count):
            found = binascii.crc32(record, found)
    except OSError as error:
        log.error("local authorization list: %r", error)
        found = None
    from ocpp.store import inventory as check

    if FILE not in os.listdir(engine.store.path) or FILE in engine.store.folders:
        if check.kept(engine.store, FILE, 0):
            log.error("the local authorization list is missing; it is empty now")
            check.keep(engine.store, FILE, 0)
    elif found != crc or version == 0:
        log.error("the local authorization list is damaged and is removed")
        engine.store.remove_file(FILE)
        check.keep(engine.store, FILE, 0)
    else:
        check.keep(engine.store, FILE, 1)
