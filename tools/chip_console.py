"""What an owner does at the serial port: `make flash` onto a blank board, Ctrl-C, a look, and on again."""

import json
import subprocess
import sys
from pathlib import Path

from chip_central import Central
from chip_trial import PATIENCE_S, Failed, default_config

_FLASH = Path(__file__).with_name("flash.py")
_BAUD = 115200
# (what is asked at the REPL, what the answer must contain)
INSPECTIONS = [("1 + 1", "2"), ("__import__('sys').platform", "esp32"),
               ("sorted(__import__('os').listdir())", "config"), ("__import__('machine').Pin(26).value()", "0")]
_HEAPS = ("(gc.mem_free() - max(h[2] for h in esp32.idf_heap_info(esp32.HEAP_DATA)), gc.mem_alloc(), "
          "sum(h[1] for h in esp32.idf_heap_info(esp32.HEAP_DATA)), "
          "max(h[2] for h in esp32.idf_heap_info(esp32.HEAP_DATA)))")


def flash(trial):
    """tools/flash.py onto a board with nothing but MicroPython; then what the chip lacks is added, and it starts."""
    with Central() as central:
        config = trial.folder / "config.json"
        config.write_text(json.dumps(default_config(central)))
        trial.write_blank_flash()
        trial.power_on()
        if not trial.board.wait_prompt(PATIENCE_S):
            raise Failed("MicroPython does not start")
        begun = trial.board.clock.now()
        trial.want_reset()
        took = _copy(trial, config)
        trial.say("copied in %.1f s of the chip's time; %d bytes over the line, %.1f s at %d baud",
                  (trial.board.clock.now() - begun) / 1000, took, took * 10 / _BAUD, _BAUD)
        trial.power_cut()
        trial.equip()
        trial.say("BootNotification after %.1f s", trial.start(central))
        trial.look()
        trial.finish(central)


def _copy(trial, config):
    """Run tools/flash.py; the bytes that it sent."""
    command = [sys.executable, _FLASH, trial.board.serial_port(), "--config", config, "--build", trial.options.build]
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * PATIENCE_S)
    for line in (done.stdout + done.stderr).splitlines():
        trial.say("flash: %s", line)
    if done.returncode:
        raise Failed("flash.py ends with status %d" % done.returncode)
    return trial.board.typed


def console(trial):
    """Ctrl-C in a session: stopped, contactors open; the REPL answers; Ctrl-D, and it goes on."""
    with Central() as central:
        trial.write_flash(default_config(central))
        trial.start(central)
        trial.begin_session(central)
        trial.look()
        board = trial.board
        since = len(board.lines)
        board.type("\x03")
        if not board.wait("contactors open", PATIENCE_S / 3, since) or not board.wait_prompt(PATIENCE_S / 3):
            raise Failed("Ctrl-C does not lead to the REPL")
        for expression, wanted in INSPECTIONS:
            _inspect(trial, expression, wanted)
        board.type("import gc, esp32\r\n")
        trial.say("heaps at the REPL (truly free, used, ESP-IDF free, its largest block): %s", board.ask(_HEAPS))
        mark = central.mark()
        board.type("\x04")
        trial.expect(central, "BootNotification", mark)
        trial.expect(central, "StopTransaction", mark)  # the simulated car is gone after a restart
        trial.say("started again after Ctrl-D; the session was stopped: %s", central.calls[-1][1].get("reason"))
        trial.finish(central)


def _inspect(trial, expression, wanted):
    answer = trial.board.ask(expression)
    trial.say("%s -> %s", expression, answer)
    if answer is None or wanted not in answer:
        trial.fail("the REPL answers %s to %s, wanted: %s", answer, expression, wanted)
