"""`make soak`: the long runs, not part of `make test`. SOAK_SEED and SOAK_SESSIONS run a failed one again."""

import os
import time

from outage import Outage
from parallel_runs import live, summary

SEED = int(os.environ.get("SOAK_SEED") or time.time() % 100000)
SESSIONS = int(os.environ.get("SOAK_SESSIONS") or 200)
JOBS = int(os.environ.get("SOAK_JOBS") or 8)
EACH = 20  # sessions of one charge point
TELL_S = 15
HEAP_TOLERANCE = 3000


class Teller:
    """Prints a line now and then, each with the time."""

    def __init__(self):
        self._began = self._last = time.monotonic()

    def __call__(self, text):
        if time.monotonic() - self._last >= TELL_S:
            self._last = time.monotonic()
            print(f"{self._last - self._began:5.0f} s  {text}", flush=True)


def test_sessions_under_fault_injection(make_csms, make_firmware):
    """Nothing that bills is lost, doubled or out of order in 200 sessions (1.6 3.7)."""
    print(f"\nSOAK_SEED={SEED} SOAK_SESSIONS={SESSIONS}, {EACH} for each charge point", flush=True)
    seeds = range(SEED, SEED + max(1, SESSIONS // EACH))
    lives = live(make_csms, make_firmware, seeds, min(SESSIONS, EACH), JOBS, Teller())
    print(summary(lives))


def test_outage(csms, firmware):
    """100 transactions offline, then online: all of it is reported, and the heap is where it was (1.6 3.7)."""
    outage = Outage(csms, firmware, connectors=2)
    before = outage.start()
    outage.cut()
    outage.sessions(100, seconds=1.2)
    offline = outage.free_heap()
    seconds, queued = outage.restore()
    outage.sessions(2)
    after = outage.free_heap()
    outage.judge()
    print(
        f"\n100 transactions offline: {queued} messages told in {seconds:.1f} s; "
        f"free heap {before} before, {offline} offline, {after} afterwards"
    )
    assert abs(after - before) < HEAP_TOLERANCE and before - offline < HEAP_TOLERANCE


def test_a_start_with_500_messages(csms, firmware):
    """What is queued survives a power cut, whatever it is (1.6 3.7), and does not hold up the start."""
    outage = Outage(csms, firmware, connectors=2)
    outage.start()
    empty = started(firmware)
    outage.cut()
    outage.sessions(2, seconds=250)
    queued = firmware.status()["csms"]["queued"]
    assert queued >= 500
    full = started(firmware)
    assert firmware.status()["csms"]["queued"] == queued
    outage.restore()
    outage.judge()
    print(f"\na start takes {empty:.2f} s, and {full:.2f} s with {queued} messages queued")


def started(firmware):
    """Seconds from power on to the HTTP API."""
    firmware.kill()
    began = time.monotonic()
    firmware.start()
    return time.monotonic() - began
