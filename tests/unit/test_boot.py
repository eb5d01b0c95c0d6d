"""boot.py opens the contactors before anything else can go wrong, and does nothing on a PC."""

import sys


class _Pin:
    """Records what a real machine.Pin would have been told."""

    OUT = "out"
    seen = []

    def __init__(self, number, mode, value=None):
        self.seen.append((number, mode, value))


class _Machine:
    Pin = _Pin


def _boot(machine):
    """Run boot.py from its source with `machine` as the module of that name; the names it leaves behind."""
    before = sys.modules.get("machine")
    sys.modules["machine"] = machine
    names = {}
    try:
        with open("boot.py") as file:
            exec(file.read(), names)
    finally:
        del sys.modules["machine"]
        if before:
            sys.modules["machine"] = before
    return names


def test_contactors_open_and_pilot_low():
    _Pin.seen.clear()
    _boot(_Machine)
    assert _Pin.seen == [(26, "out", 0), (25, "out", 0), (27, "out", 0)]


def test_a_pc_without_pins_goes_on():
    class NoPins:
        pass

    _Pin.seen.clear()
    _boot(NoPins)
    assert _Pin.seen == []
