"""How fast the charge point answers, beside one on CPython with the `ocpp` package, in one run (architecture.md,
Memory).

python tools/bench.py [--quick]; exit status 0 when everything is as fast as wanted, 1 when not.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile

import bench_tick
import bench_transfer
from bench_central import Central, Silent
from bench_figures import (
    Batch,
    compare,
    compare_loop,
    explanation,
    head,
    judge_composite,
    judge_list,
    judge_ticks,
    judge_transfer,
)
from processes import MODULES, PATIENCE_S, ROOT, Child, NotBuilt, micropython, no_signal, start_firmware, write_config

_FOLDER = ROOT / "build" / "bench"
_TOOLS = ROOT / "tools"
_KEY = "MeterValueSampleInterval"
# What is measured, and how many times as fast it has to be; None is shown for information.
_WANTED = {"ChangeConfiguration": 5, "GetConfiguration": 10, "written": None}
# Loops in machine code, and how many times as fast as plain ones they have to be.
_LOOPS = {"mask": ("masking 4 KiB", 50), "crc16": ("CRC of a Modbus frame", 10), "rms": ("RMS of 500 samples", 10),
          "extremes": ("high and low of 100 readings of the pilot", 10)}
_WANTED_TICK_MS = 20
# In plain loops of 1000 rounds, of which a quiet PC makes 20 in 1 ms.
_WANTED_LIST = 100
_WANTED_COMPOSITE = 2000


class Wrong(Exception):
    """A peer answered something else than it should have; args[0] says what."""


class Bench:
    """Three peers, called in turn: the firmware, the reference, and one that does nothing."""

    def __init__(self, rounds, sizes):
        self.rounds = rounds
        self.sizes = sizes
        self.central = Central()
        self.children = []
        self.peers = {}
        self.keys = []
        self.batches = {}

    def connect(self):
        """Start the firmware, ask for its keys, and start the others with the same."""
        config = write_config(_FOLDER, self.central.port, 0, {})
        self._add("upoint", lambda: start_firmware(config, heap=()))
        self.keys = self._keys("upoint", self.peers["upoint"].calls("GetConfiguration", [{}])[1][0])
        path = _FOLDER / "keys.json"
        path.write_text(json.dumps(self.keys))
        url = "ws://127.0.0.1:%d/reference" % self.central.port
        reference = [sys.executable, _TOOLS / "reference_cp.py", url, path]
        self._add("reference", lambda: Child("the reference", reference))
        floor = [sys.executable, _TOOLS / "bench_floor.py", self.central.port, path]
        self._add("floor", lambda: Child("the floor", floor))

    def _add(self, name, start):
        with no_signal():
            self.children.append(start())
        self.peers[name] = self.central.accept(self.children[-1])

    def run(self):
        """All rounds; every other one in the opposite order, so that nobody gains by going first."""
        for number in range(self.rounds + 1):
            names = list(self.peers)
            for name in names if number % 2 else reversed(names):
                self.peers[name].settle(0)
                for action in _WANTED:
                    batch = self._batch(name, action)
                    if number:  # round 0 warms up
                        self.batches.setdefault((name, action), []).append(batch)

    def _batch(self, name, action):
        peer, count = self.peers[name], self.sizes[action]
        payloads = [{}] * count
        if action != "GetConfiguration":
            changing = 2 if action == "written" else 1
            payloads = [{"key": _KEY, "value": str(60 + index % changing)} for index in range(count)]
            action = "ChangeConfiguration"
        before = peer.cpu_seconds()
        times, texts = peer.calls(action, payloads)
        after = peer.cpu_seconds()
        for text in texts:
            self._check(name, action, text)
        return Batch(times, None if before is None or after is None else after - before)

    def _check(self, name, action, text):
        if action == "GetConfiguration":
            if [entry["key"] for entry in self._keys(name, text)] != [entry["key"] for entry in self.keys]:
                raise Wrong("%s has other configuration keys than the firmware" % name)
        elif json.loads(text)[2:] != [{"status": "Accepted"}]:
            raise Wrong("%s answered ChangeConfiguration with %.200s" % (name, text.decode()))

    def _keys(self, name, text):
        message = json.loads(text)
        if message[0] != 3 or not message[2].get("configurationKey"):
            raise Wrong("%s answered GetConfiguration with %.200s" % (name, text.decode()))
        return message[2]["configurationKey"]

    def report(self, loops, ticks, transfer, listed, composite):
        """Print the table; returns whether all is as fast as wanted."""
        titles = ("ChangeConfiguration of %s to the value it has" % _KEY,
                  "GetConfiguration of all %d keys" % len(self.keys),
                  "ChangeConfiguration to another value, which upoint writes to disk")
        results = []
        for title, (action, wanted) in zip(titles, _WANTED.items(), strict=True):
            three = [self.batches[name, action] for name in ("upoint", "reference", "floor")]
            results.append(compare(title, *three, wanted))
        results += [compare_loop(title, loops[name], wanted) for name, (title, wanted) in _LOOPS.items()]
        results.append(judge_ticks(ticks, _WANTED_TICK_MS))
        results.append(judge_transfer(transfer, _WANTED_TICK_MS))
        results.append(judge_list(listed, _WANTED_LIST))
        results.append(judge_composite(composite, _WANTED_COMPOSITE))
        print("%d rounds in turn, one CALL open at a time; the reference is `ocpp` on CPython %s"
              % (self.rounds, sys.version.split()[0]))
        print(head())
        for _, lines in results:
            print("\n".join(lines))
        print(explanation(self.batches["floor", "ChangeConfiguration"]))
        return all(met for met, _ in results)

    def end(self):
        """End all processes."""
        for peer in self.peers.values():
            peer.close()
        for child in self.children:
            child.stop()

    def close(self):
        """End all, whatever happens meanwhile."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.end()
        self.central.close()


def figures(script, heap, *arguments):
    """What a script of the tools measures under MicroPython; Wrong."""
    command = [micropython(), "-X", "heapsize=" + heap, str(_TOOLS / script), *map(str, arguments)]
    environment = os.environ | {"MICROPYPATH": ".:.frozen"}
    result = subprocess.run(command, cwd=MODULES, env=environment, capture_output=True, text=True,
                            timeout=PATIENCE_S)
    if result.returncode:
        raise Wrong("%s cannot measure:\n%s%s" % (script, result.stdout, result.stderr))
    return json.loads(result.stdout)


def tick_figures(quick):
    """What bench_tick.py measures, some times."""
    central = Central()
    try:
        folder, seconds = ROOT / "build" / "bench_tick", 2 if quick else 10
        return [bench_tick.measure(central, folder, seconds) for _ in range(1 if quick else 3)]
    finally:
        central.close()


def transfer_figures(quick):
    """What bench_transfer.py measures."""
    central = Central()
    try:
        return bench_transfer.measure(central, 5 if quick else 20)
    finally:
        central.close()


def _terminate(number, frame):
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description="Speed of the charge point beside one on CPython.")
    parser.add_argument("--quick", action="store_true", help="few rounds, for a first look")
    quick = parser.parse_args().quick
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    sizes = (20, 10, 10) if quick else (200, 60, 60)
    bench = Bench(3 if quick else 9, dict(zip(_WANTED, sizes, strict=True)))
    try:
        bench.connect()
        bench.run()
        bench.end()
        loops = figures("bench_loops.py", "96wK", bench.rounds, ROOT)
        with tempfile.TemporaryDirectory() as folder:
            composite = figures("bench_composite.py", "96wK", folder)
        ticks, transfer = tick_figures(quick), transfer_figures(quick)
        return 0 if bench.report(loops, ticks, transfer, figures("bench_list.py", "2M"), composite) else 1
    except (Silent, bench_tick.TooSlow, Wrong, NotBuilt) as error:
        print("bench failed: %s" % error)
        for child in bench.children:
            print("\n".join(["last lines of %s:" % child.name] + ["  " + line for line in child.tail()]))
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
