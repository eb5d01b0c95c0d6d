"""The ESP32 itself. A PC has none: its `machine` lacks what is imported here."""

from machine import PWRON_RESET, reset_cause, reset  # noqa: F401  reset is for who asks

from .watchdog import Watchdog  # noqa: F401


def powered_up():
    """Has the board just got power, as after an outage, and not merely begun anew?"""
    return reset_cause() == PWRON_RESET
