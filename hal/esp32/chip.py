"""The ESP32 itself. A PC has none: its `machine` lacks what is imported here."""

from machine import HARD_RESET, PWRON_RESET, RTC, SOFT_RESET, Timer, WDT_RESET  # noqa: F401  some are for who asks
from machine import reset, reset_cause  # noqa: F401

from network import ipconfig

from hal.esp32.watchdog import Watchdog  # noqa: F401


def powered_up():
    """Whether this start follows a loss of power, and not a reset."""
    return reset_cause() == PWRON_RESET


def reset_by():
    """Why the chip has started."""
    causes = {
        PWRON_RESET: "the power came on",
        HARD_RESET: "a reset, or a panic of the chip's own software",
        WDT_RESET: "the watchdog",
        SOFT_RESET: "a soft reset from the console",
    }
    return causes.get(reset_cause(), "a reset of kind %d" % reset_cause())


def dns_server():
    """The address of the DNS server that the network has named, "0.0.0.0" as long as there is none."""
    return ipconfig("dns")


def set_clock(year, month, day, hour, minute, second):
    """Set the chip's clock, in UTC: TLS checks the dates of certificates by it, and without power it starts in 2000."""
    RTC().datetime((year, month, day, 0, hour, minute, second, 0))
