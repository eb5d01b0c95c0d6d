"""Reads, writes and removes the records of a Store; what does not check is ignored with a log line."""

import binascii
import json
import os

from . import log

_VERSION = 1


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
    """The newest whole generation of record `name`, or `default`."""
    generation, value = -1, default
    for slot in (0, 1):
        found, body = _read("%s/%s.%d" % (store.path, name, slot))
        if found > generation:
            generation, value = found, body
    store.generations[name] = generation
    return value


def save(store, name, value):
    """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash."""
    if name not in store.generations:
        newest(store, name, None)
    generation = store.generations[name] + 1
    body = json.dumps(value, separators=(",", ":")).encode()
    header = "%d %d %d %d\n" % (_VERSION, generation, binascii.crc32(body), len(body))
    store.write_file("%s.%d" % (name, generation & 1), header.encode(), body)
    store.generations[name] = generation


def exists(store, name):
    """Whether there is a file of record `name`, whole or not."""
    for slot in (0, 1):
        try:
            os.stat("%s/%s.%d" % (store.path, name, slot))
            return True
        except OSError:
            pass
    return False


def remove(store, name):
    """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
    if not exists(store, name):
        return
    if name not in store.generations:
        newest(store, name, None)
    generation = store.generations.pop(name)
    for slot in (generation + 1, generation):
        store.remove_file("%s.%d" % (name, slot & 1))


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
