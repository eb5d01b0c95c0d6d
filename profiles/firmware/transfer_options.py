"""Makes the options for a transfer, and room in memory for it (transfers/files.py)."""

import asyncio

from micropython import const

from ocpp import log
import heap
import memory
from transfers.failure import failed

_TRIES = const(100)  # to see memory free, one in 100 ms
_PAUSE_MS = const(100)
_TENTH = const(10)
# That are free on a board. The code of a transfer takes 24; with little more beside it, as beside wss, code is loaded
# again and again, and a package takes 43 s instead of 17 (`make chip RUNS=update-ec`).
_HEAP_BYTES = const(40000)


def made(profile, record, name):
    """The options for the transfer of `record`, called `name` in the log. TransferError for a scheme that the key
    SupportedFileTransferProtocols does not have."""
    engine = profile.core.engine
    supported = engine.keys.values.get("SupportedFileTransferProtocols") or _protocols(profile.settings["ca_cert"])
    scheme = record["url"].partition("://")[0].strip()
    if scheme.upper() not in supported:
        raise failed("bad url", "%r is not one of %s" % (scheme[:20], ", ".join(supported)))
    options = {
        "ca": profile.settings["ca_cert"],
        "room": lambda needed: _make_room(engine.link, needed),
        "on_tls": engine.link.on_tls,
        "progress": _progress(record, name),
    }
    if engine.link.net:
        options["lookup"] = lambda host: _look_up(engine.link.net, host)
    return options


def _protocols(authority):
    """Those of an upload of a log where the profile with the key is switched off."""
    from profiles.firmware import configuration

    return configuration.declarations(authority)[0][-1]


async def _look_up(net, host):
    from ocpp.link import lookup

    return await lookup.address_of(net, host)


def _progress(record, name):
    """A function that notes the percentage, and logs each tenth."""
    logged = [0]

    def report(done, total):
        if not total:
            return
        percent = record["done"] = done * 100 // total
        if percent // _TENTH > logged[0]:
            logged[0] = percent // _TENTH
            log.info("%s: %d %%", name, percent)

    return report


async def _make_room(link, needed):
    """Return when ESP-IDF has `needed` bytes for a connection, and there is memory for the code; the one to the central
    system is closed for it if it must be, and opened again after the transfer. TransferError."""
    if _is_room(needed) and (link.paused or _is_heap()):
        return
    memory.unload()  # an area of the heap without use goes back to ESP-IDF
    if _is_room(needed) and (link.paused or _is_heap()):
        return
    log.info("not enough memory for two connections: that to the central system is closed for the transfer")
    link.paused = True
    await link.close("transfer of a file")
    for _ in range(_TRIES):
        if not link.connected and _is_room(needed):
            return
        await asyncio.sleep_ms(_PAUSE_MS)
    raise failed("memory", "%d bytes are free for a connection that needs %d" % (heap.free_of_idf(), needed))


def _is_room(needed):
    left = heap.free_of_idf()
    return left is None or left >= needed


def _is_heap():
    """Whether there is as much as the code of a transfer takes. Where the link uses TLS there is not: without the link
    the heap grows by what that took, and becomes smaller again when the code is unloaded."""
    return heap.esp32 is None or not memory.managed() or heap.free() >= _HEAP_BYTES
