"""Time limits of the tests, in one place. A limit is there to end a hang, it measures nothing: tests name the seconds
that a quiet machine needs, and wait ten times as long. TEST_PATIENCE is another factor.

The tests under MicroPython have theirs from tests/support/unit/helpers.py.
"""

import os

PATIENCE = float(os.environ.get("TEST_PATIENCE", 10))


def patient(quiet_s):
    """Seconds after which something hangs that takes at most `quiet_s` seconds on a quiet machine."""
    return quiet_s * PATIENCE
