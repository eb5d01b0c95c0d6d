"""The module `network` of an ESP32 in reach of tests/board/world.py's network "home"."""

import os
import sys

from world import world

STA_IF = 0


def hostname(name):
    world.tell("hostname", name)


def ipconfig(name):
    """The DNS server, which in a test cannot have its usual port."""
    if name != "dns":
        raise ValueError(name)
    sys.modules["ocpp.link.lookup"].PORT = int(os.getenv("TEST_DNS_PORT", "9"))
    return "127.0.0.1"


class WLAN:
    PM_NONE = 0

    def __init__(self, interface):
        self._on = False
        self._joined = False

    def active(self, *on):
        if not on:
            return self._on
        self._on = on[0]
        self._joined = False

    def config(self, **settings):
        if not self._on or settings["reconnects"]:
            raise OSError("Wifi Not Started")

    def connect(self, ssid, key=None):
        self._joined = (ssid, key) == ("home", "secret12")

    def disconnect(self):
        self._joined = False

    def isconnected(self):
        self._joined = self._joined and world.wifi
        return self._on and self._joined
