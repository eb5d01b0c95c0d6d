"""Runs the firmware on an emulated ESP32 with stock MicroPython, and tells how much memory and time it takes there.

    python tools/chip.py [RUN ...]

The emulator comes from the environment; without one there is nothing to do, and the exit status is 0:
    QEMU_XTENSA      qemu-system-xtensa with the machine `esp32` and its Wi-Fi
    QEMU_ROMS        the folder of its ROMs, if it is not ../pc-bios of that
    ESP32_FIRMWARE   ESP32_GENERIC-<date>-v1.25.0.bin
Times are the chip's own. Exit status 1 when a run failed: the board restarted by itself, ran out of memory, lost an
answer, or raised an exception.
"""

import argparse
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _runs():
    """Name -> function of a Trial."""
    import chip_console
    import chip_messages
    import chip_power
    import chip_runs
    import chip_update

    return {"start": chip_runs.start, "session": chip_runs.session, "messages": chip_messages.messages,
            "messages-rsa": partial(chip_messages.messages, kind="RSA"),
            "messages-ec": partial(chip_messages.messages, kind="EC"),
            "wss-rsa": partial(chip_runs.wss, kind="RSA"), "wss-ec": partial(chip_runs.wss, kind="EC"),
            "wss-client": partial(chip_runs.wss, kind="EC", profile=3),
            "power": chip_power.power_cuts, "flash": chip_console.flash, "console": chip_console.console,
            "update": chip_update.update, "update-ec": partial(chip_update.update, kind="EC"),
            "soak": chip_runs.soak}


def _run(name, function, options):
    """The failures of a run, in lines."""
    from chip_trial import ENDS_RUN, Trial

    print(name, flush=True)
    begun = time.monotonic()
    with Trial(name, options) as trial:
        try:
            function(trial)
        except ENDS_RUN as error:
            trial.fail(str(error))
            trial.finish()
    for text in trial.failures:
        print("  FAILED: " + text)
    print("  %s (%.0f s of this machine's time)" % ("failed" if trial.failures else "ok", time.monotonic() - begun),
          flush=True)
    return trial.failures


def _options(runs):
    parser = argparse.ArgumentParser(description="Run the firmware on an emulated ESP32.")
    parser.add_argument("runs", nargs="*", metavar="RUN", help="all of them: " + ", ".join(runs))
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "esp32")
    parser.add_argument("--seconds", type=int, default=60, help="length of the run `session`")
    parser.add_argument("--minutes", type=float, default=5, help="length of the run `soak`")
    parser.add_argument("--trial", type=int, default=300, metavar="SECONDS",
                        help="how long the new version of the run `update` is on trial")
    parser.add_argument("--cuts", type=int, default=10, help="how often the run `power` cuts the power")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the run `power`")
    parser.add_argument("--tell-heaps", action="store_true", help="have the console tell both heaps every second")
    parser.add_argument("--verbose", action="store_true", help="show the console")
    options = parser.parse_args()
    for name in options.runs:
        if name not in runs:
            parser.error("no run %s; there are %s" % (name, ", ".join(runs)))
    return options


def main():
    from chip_board import missing

    gap = missing()
    if gap:
        print("chip: skipped, there is no emulator: %s" % gap)
        return 0
    runs = _runs()
    options = _options(runs)
    # An exception, so that what was started ends.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    failed = [name for name in options.runs or runs if _run(name, runs[name], options)]
    print("failed: %s" % ", ".join(failed) if failed else "all runs are good")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
