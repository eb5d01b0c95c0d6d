"""Builds the charge point and keeps it running; main.py calls main(), for it is not compiled ahead itself."""

import asyncio
import gc
import sys

from micropython import const

from ocpp import log
import heap
import memory
import modules

_COLLECT_AFTER = const(16384)  # bytes: so often that what stays lies close together; a start with half takes 0.9 s more
_EXIT_RESET = const(75)
_EXIT_CONFIG = const(78)
_HEALTH_CHECK_S = const(2)
_PIECE_BYTES = const(256)
# Bytes that ESP-IDF keeps beside the radio: sockets and packets (8 kB with ws and page), and for TLS 27 kB, 34 in the
# handshake.
_KEPT = const(22000)
_KEPT_FOR_TLS = const(48000)
_DEPTH = const(4)  # calls


class ChargePoint:
    """Everything that runs: `evses`, `safety`, `engine`, `core`, `card_reader`, the simulated `board` or None, the
    `path` of config.json, the `id` and the section `web` in it; `tasks` to run beside, `reset`, `set_clock`,
    `dns_server` and `wifi` of an ESP32, the `folder` of the store, and the `heap` as it was when booted, connected and
    charging. compose.py fills it in. `cured`: the value of the engine's link.dead at the last recovery of the
    network."""

    def __init__(self):
        self.engine = self.core = self.evses = self.safety = self.card_reader = self.board = None
        self.id = self.web = self.folder = self.path = None
        self.reset = self.set_clock = self.dns_server = self.wifi = None
        self.tasks = []
        self.heap = []
        self.cured = 0

    async def run(self):
        """Run all tasks but the safety loop, for ever."""
        asyncio.get_event_loop().set_exception_handler(_task_failed)
        self.engine.spawn(self.safety.live)
        import app.startup

        await app.startup.start(self)
        while True:
            await asyncio.sleep(_HEALTH_CHECK_S)
            if self.safety.error or len(self.heap) < 3 or self.engine.link.dead != self.cured:
                try:
                    import app.health_check

                    app.health_check.check(self)
                except MemoryError:
                    memory.unload()  # the next check will do; this task must not end

    def restart(self):
        """Reboot; on a PC the process ends with status 75, and `make run` starts it again."""
        if self.safety:
            self.safety.stop()
        if self.reset:
            self.reset()
        sys.exit(_EXIT_RESET)


def _task_failed(loop, context):
    """Log the error that ended a task which no other awaits. asyncio would print it, with a peer's text in it."""
    log.exception("task exception wasn't retrieved", context["exception"])


def _uses_tls(path):
    """Whether the configuration in the file `path`, which has not been checked yet, looks like that.

    In pieces: one large one would make the heap grow before it is claimed."""
    last = b""
    try:
        with open(path, "rb") as file:
            while True:
                piece = file.read(_PIECE_BYTES)
                if b"wss:" in last + piece:
                    return True
                if not piece:
                    return False
                last = piece
    except OSError:
        return False


def _crashed(point, error):
    """Restart, with the cause on flash if there is memory for that."""
    if point.safety:
        point.safety.stop()
    try:
        asyncio.new_event_loop()  # with it all tasks go
        memory.unload()
        if sys.platform == "esp32":
            import machine

            point.reset = machine.reset
        import app.shutdown

        app.shutdown.crashed(point, error)
    except Exception:  # not even for that
        point.restart()


def _assemble(point, path, depth):
    """app.compose.assemble(), `depth` calls deeper in the stack than the event loop will begin.

    The frames of the event loop, which never end, do not clear all of the stack that they take. What assemble() left
    there would keep its module in memory for ever: 4 kB, 3 % of the heap of a board."""
    if depth:
        return _assemble(point, path, depth - 1)
    import app.compose

    return app.compose.assemble(point, path)


def _run_in_place():
    """Let functions run in flash, where this chip can."""
    from hal.esp32 import flash_map

    shown = modules.path_of("app") and flash_map.shown(modules.archive.mounted.slot)
    if shown:
        modules.run_in_place(*shown, (main, _work, _run_in_place), flash_map.is_whole)
        log.info("code runs in flash")


def _work(point, path):
    """Build `point` and run it; False if the configuration in the file `path` is wrong."""
    if sys.platform == "esp32":
        if memory.managed():
            _run_in_place()
        gc.collect()
        from hal.esp32 import wifi

        wifi.radio_on()  # while ESP-IDF has memory for it
        tls = _uses_tls(path)
        heap.claim(_KEPT_FOR_TLS if tls else _KEPT)
        if tls and memory.managed():
            log.warning(
                "beside wss this module has little memory: the page gives way to the central system"
                if modules.in_place
                else "wss and the firmware do not fit into the memory of this module, connections will break: take "
                "one with PSRAM, or an image with the firmware in it"
            )
    gc.threshold(_COLLECT_AFTER)  # or long-lived objects would lie scattered among garbage
    if not _assemble(point, path, _DEPTH):
        return False
    memory.unload()
    asyncio.run(point.run())
    return True


def main(arguments):
    """Run until Ctrl-C, a reset or a wrong configuration; the contactor is open afterwards, whatever happened."""
    memory.manage()
    point = ChargePoint()
    try:
        try:
            good = _work(point, arguments[0] if arguments else "config/config.json")
        except Exception as error:  # want of memory, for one, or an error of asyncio's own poll
            _crashed(point, error)
        else:
            if not good and sys.platform != "esp32":  # a board stays at its console, where that can be put right
                sys.exit(_EXIT_CONFIG)
    except KeyboardInterrupt:
        if point.safety:
            point.safety.stop()
        import app.shutdown

        app.shutdown.interrupted(point)
    finally:
        if point.safety:
            point.safety.stop()
