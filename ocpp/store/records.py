"""Reads, writes and removes the records of a Store as files on flash. A file that does not check is ignored with a log
line; what cannot be written waits in memory (waiting.py)."""

import binascii
import json
import os

from ocpp import log

_VERSION = 1
_EROFS = 30


def load(store, name, default=None):
    """The newest whole generation of record `name`, or `default`."""
    if store.waiting:
        from ocpp.store import waiting

        waits, body = waiting.find(store, name)
        if waits:
            return default if body is None else json.loads(body)
    return newest(store, name, default)


def save(store, name, value):
    """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash, or
    waits for room."""
    body = json.dumps(value, separators=(",", ":")).encode()
    if not store.waiting:
        try:
            return write(store, name, body)
        except OSError as error:
            from ocpp.store import waiting

            waiting.failed(error)
    from ocpp.store import waiting

    waiting.put_save(store, name, body)


def exists(store, name):
    """Whether there is a file of record `name`, whole or not."""
    if store.waiting:
        from ocpp.store import waiting

        waits, body = waiting.find(store, name)
        if waits:
            return body is not None
    return slots(store, name) != []


def remove(store, name):
    """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
    if not store.waiting:
        try:
            return delete(store, name)
        except OSError as error:
            from ocpp.store import waiting

            waiting.failed(error)
    from ocpp.store import waiting

    waiting.put_remove(store, name, slots(store, name) != [])


def make_folder(path):
    """Create the folder `path` and what is missing above it."""
    at = 0
    while at >= 0:
        at = path.find("/", at + 1)
        part = path if at < 0 else path[:at]
        try:
            os.mkdir(part)
        except OSError:
            if at < 0:
                os.stat(part)


def newest(store, name, default):
    generation, value = -1, default
    for slot in (0, 1):
        found, body = _read(store.path + "/" + _file(store, name, slot))
        if found > generation:
            generation, value = found, body
    store.generations[name] = generation
    return value


def write(store, name, body):
    """Make `body`, JSON in bytes, the newest generation of record `name` on flash; OSError when that fails."""
    if name not in store.generations:
        newest(store, name, None)
    generation = store.generations[name] + 1
    header = "%d %d %d %d\n" % (_VERSION, generation, binascii.crc32(body), len(body))
    store.write_file(_file(store, name, generation & 1), header.encode(), body)
    store.generations[name] = generation


def _file(store, name, slot):
    """The name of the file of a slot; not that of a folder which somebody has put there."""
    file = "%s.%d" % (name, slot)
    while file in store.folders:
        file += "_"
    return file


def is_folder(path):
    """Whether there is a folder at `path`."""
    try:
        return os.stat(path)[0] & 0xF000 == 0x4000
    except OSError:
        return False


def delete_file(store, name):
    """Delete the file `name`; OSError when it is still there afterwards."""
    store.remove_file(name)
    try:
        os.stat(store.path + "/" + name)
    except OSError:
        return
    raise OSError(_EROFS)


def slots(store, name):
    """The names of the files of record `name`."""
    found = []
    for slot in (0, 1):
        file = _file(store, name, slot)
        try:
            os.stat(store.path + "/" + file)
            found.append(file)
        except OSError:
            pass
    return found


def is_damaged(store, name):
    """Whether a slot of record `name` is not whole. A power cut never leaves that behind."""
    return any([_read(store.path + "/" + file)[0] < 0 for file in slots(store, name)])


def delete(store, name):
    """Delete record `name` on flash; OSError when that fails."""
    if not slots(store, name):
        store.generations.pop(name, None)
        return
    if name not in store.generations:
        newest(store, name, None)
    generation = store.generations[name]
    for slot in (generation + 1, generation):
        store.remove_file(_file(store, name, slot & 1))
    if slots(store, name):
        raise OSError(_EROFS)
    del store.generations[name]


def _read(path):
    """(generation, value) of the file `path`, or (-1, None) when it is missing, torn or foreign."""
    try:
        with open(path, "rb") as file:
            header = file.readline()
            body = file.read()
    except OSError:
        return -1, None
    try:
        version, generation, crc, length = [int(word) for word in header.split()]
        if version == _VERSION and length == len(body) and crc == binascii.crc32(body):
            return generation, json.loads(body)
    except ValueError:
        pass
    log.warning("%s is torn or foreign and is ignored", path)
    return -1, None
