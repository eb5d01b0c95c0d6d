"""The ESP32 itself. A PC has none: its `machine` lacks what is imported here."""

from machine import PWRON_RESET, RTC, Timer, reset, reset_cause  # noqa: F401  some are for who asks

from network import ipconfig

from hal.esp32.watchdog import Watchdog  # noqa: F401


def powered_up():
    """Has the board just got power, as after an outage, and not merely begun anew?"""
    return reset_cause() == PWRON_RESET


def dns_server():
    """The address of the DNS server that the network has named, "0.0.0.0" as long as there is none."""
    return ipconfig("dns")


def set_clock(year, month, day, hour, minute, second):
    """Set the chip's clock, in UTC: TLS checks the dates of certificates by it, and without power it starts in 2000."""
    RTC().datetime((year, month, day, 0, hour, minute, second, 0))
