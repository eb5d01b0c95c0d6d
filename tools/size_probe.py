"""Runs under MicroPython in a tree of build/ for tools/size.py: takes the firmware into a charging session by itself
and prints, at each stage, one line of JSON with the heap that it has in use.

    micropython size_probe.py CONFIG [ROMFS]

With the file ROMFS the modules come from there and stay in place, as in an image of one's own, and nothing is unloaded.
The heap of the stand-in for the chip and what is around it (tests/board), whose code runs in place as well, is not
counted; `before` tells it. Nor are
the names, which both share: tools/size.py adds those of the firmware to `busy`, `resident` and `most`, and takes what
all names take, here, from qstr_info().
"""

import builtins
import gc
import json
import sys
from array import array

import micropython
from process_memory import Words, copy_of

POOL = sys.path[0] + "/names.pool" if len(sys.argv) < 3 and sys.maxsize < 1 << 32 else None
gc.threshold(8192)  # what stays lies close together
sys.path.insert(0, "")  # the firmware in the working directory, before the tools beside this file
words = Words()
if POOL:
    import name_pool

    with open(POOL, "rb") as file:
        if not name_pool.install(file, words):
            sys.exit("the names cannot be numbered")
gc.collect()
_bare = gc.mem_alloc()
import slots  # noqa: E402

slots.start()
del slots, sys.modules["slots"]
gc.collect()
_slots = gc.mem_alloc() - _bare
_rom = None
if len(sys.argv) > 2:
    import vfs

    with open(sys.argv[2], "rb") as file:
        _rom = file.read()
    vfs.mount(vfs.VfsRom(_rom), "/rom")
    sys.path.insert(0, "/rom")

import asyncio  # noqa: E402

import machine  # noqa: E402, F401
import neopixel  # noqa: E402, F401
import network  # noqa: E402, F401
import nfc_cards  # noqa: E402, F401
from world import world  # noqa: E402  tests/board

_copy = None  # of the archive, beside the heap: its size and its address


def seen(archive, begins, addresses):
    return True


def run_in_place(*running):
    """Let functions but those `running` run where the archive is in flash on the board: here from a copy."""
    global _copy
    import modules

    archive = modules.archive = files.Archive
    if not _copy:
        address, size = copy_of(archive.mounted.slot)
        _copy = array("I", [0, size]), array("I", [address])
        if POOL:
            begin = archive.mounted.tell("names.pool")
            sys.modules.pop("name_pool").replace(words, begin, lambda place, count: address + place)
    modules.run_in_place(*_copy, running, seen)


# What the stand-in needs during the session; then the firmware is to load its own of what both have.
world.wires.uart("rs485", 9600)
files = sys.modules.pop("firmware_files")
if not _rom:
    run_in_place()
    files.Archive.mounted.keys = bytes(bytearray(files.Archive.mounted.keys))  # on the heap, as they were
    del sys.modules["in_place"]
sys.modules["firmware_files"] = files
for name in list(sys.modules):
    room = name.split(".")[0]
    own = room in ("asyncio", "config", "hal", "heap", "memory", "modules")
    if own and name != "asyncio" and name[:7] != "hal.sim":
        del sys.modules[name]
# The largest messages, those that need most code, and one of each kind.
ENTRY = {"idTagInfo": {"status": "Accepted", "expiryDate": "2030-01-01T00:00:00Z", "parentIdTag": "PARENT-01234567890"}}
PERIODS = [{"startPeriod": 600 * at, "limit": 16.0 - at % 8, "numberPhases": 3} for at in range(24)]
SCHEDULE = {"duration": 86400, "startSchedule": "2026-01-01T00:00:00Z", "chargingRateUnit": "A",
            "chargingSchedulePeriod": PERIODS}
PROFILE = {"chargingProfileId": 1, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile",
           "chargingProfileKind": "Recurring", "recurrencyKind": "Daily", "chargingSchedule": SCHEDULE}
MESSAGES = {
    "GetConfiguration": {},
    "ChangeConfiguration": {"key": "MeterValueSampleInterval", "value": "10"},
    "DataTransfer": {"vendorId": "nobody"},
    "ReserveNow": {"connectorId": 1, "expiryDate": "2030-01-01T00:00:00Z", "idTag": "CARD", "reservationId": 1},
    "SendLocalList": {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [
        dict(ENTRY, idTag="LOCAL-%014d" % at) for at in range(20)]},
    "SetChargingProfile": {"connectorId": 1, "csChargingProfiles": PROFILE},
    "GetCompositeSchedule": {"connectorId": 1, "duration": 86400, "chargingRateUnit": "A"},
    "TriggerMessage": {"requestedMessage": "MeterValues", "connectorId": 1},
    "ExtendedTriggerMessage": {"requestedMessage": "SignChargePointCertificate"},
    "InstallCertificate": {"certificateType": "CentralSystemRootCertificate"},
    "GetDiagnostics": {"retries": 0},
    "UpdateFirmware": {"retrieveDate": "2020-01-01T00:00:00Z", "retries": 0},
    "RemoteStopTransaction": {"transactionId": 1},
}
with open(sys.argv[1].rpartition("/")[0] + "/root.pem") as file:
    MESSAGES["InstallCertificate"]["certificate"] = file.read()
with open(sys.argv[1].rpartition("/")[0] + "/files.url") as file:
    MESSAGES["UpdateFirmware"]["location"] = file.read()
    MESSAGES["GetDiagnostics"]["location"] = MESSAGES["UpdateFirmware"]["location"].rpartition("/")[0] + "/"

gc.collect()
_before = gc.mem_alloc() - _slots
micropython.qstr_info()
_most = {}  # name of a stage -> most bytes in use at one of its import statements
_loaded = {}  # name of a stage -> modules that were there then, and may be unloaded
_stage = ["booted"]

import app  # noqa: E402
import memory  # noqa: E402

_run, _manage = app.ChargePoint.run, memory.manage


def manage():
    """As on a board that is always short of memory, and look at the heap at each import statement."""
    if _rom:
        sys.modules.pop("firmware_files", None)  # the archive, whose modules have other names
    _manage(1 << 29)
    if not _rom:
        run_in_place(app.main, manage)
    memory.free = nothing
    real = __import__  # not that of builtins, which stays the first one

    def watched(name, scope=None, local=None, names=None, level=0):
        if level:
            # The one library with relative imports.
            name, level = "asyncio." + name if name else "asyncio", 0
        module = real(name, scope, local, names, level)
        gc.collect()
        if gc.mem_alloc() - _before > _most.get(_stage[0], 0):
            _most[_stage[0]] = gc.mem_alloc() - _before
            _loaded[_stage[0]] = [name for name in sys.modules if may_go(name)]
        return module

    builtins.__import__ = watched


def nothing():
    return 0


def may_go(name):
    """Whether the module `name` of the firmware is one that is unloaded when memory is short."""
    room = name.split(".")[0]
    kept = room == "hal" or " %s " % name in memory.RESIDENT or hasattr(sys.modules[name], "__path__")
    return room in ("app", "config", "ocpp", "profiles", "updates", "transfers", "web", "x509") and not kept


def tell(stage):
    """What is in use now, and what of it stays when everything is unloaded."""
    gc.collect()
    busy = gc.mem_alloc() - _before
    memory.unload()
    resident = gc.mem_alloc() - _before
    figures = {"stage": stage, "before": _before, "busy": busy, "resident": resident, "most": _most.get(_stage[0], 0)}
    figures["modules"], figures["loaded"] = sorted(sys.modules), _loaded.get(_stage[0])
    print("\x1e" + json.dumps(figures))
    micropython.qstr_info(1)


async def until(condition):
    while not condition():
        await asyncio.sleep_ms(100)
    await asyncio.sleep(2)  # what it brings about is sent and confirmed


async def session(point):
    """Connect, charge, and go on until the central system has sent all its messages."""
    tell("booted")
    _stage[0] = "connected"
    await until(lambda: point.engine.registration == "Accepted")
    tell("connected")
    _stage[0] = "charging"
    connector = point.core.connectors[0]
    world.obey({"lever": ("ev", {"state": "C", "max_current": 16}), "card": "04A21BC23D5E80"})
    await until(lambda: connector.status == "Charging" and not point.engine.outbox.queued)
    tell("charging")
    firmware = [profile for profile in point.engine.profiles if profile.name == "FirmwareManagement"][0]
    for action in MESSAGES:
        await ask(point.engine, action, MESSAGES[action])
        await until(lambda: firmware.task is None and not firmware.news)  # its transfer has ended
        tell(action)
    sys.exit(0)


async def ask(engine, action, payload):
    """Let the charge point answer a CALL, as if the central system had sent it."""
    _stage[0] = action
    engine.rpc.receive(bytearray(json.dumps([2, action, action, payload]).encode()))
    await asyncio.sleep(2)


async def run(point):
    asyncio.create_task(session(point))
    await _run(point)


memory.manage = manage
app.ChargePoint.run = run
app.main(sys.argv[1:2])
