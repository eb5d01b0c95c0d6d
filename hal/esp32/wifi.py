"""Keeps the board in a Wi-Fi network."""

import asyncio

import network
from micropython import const

_CHECK_MS = const(500)
_LOOKS = const(30)  # how often, until the next network is tried
_REST_MS = const(5000)
_STATION = network.STA_IF


def radio_on():
    """Switch the radio on before anything large is loaded: it takes some 40 kB of ESP-IDF's heap, and without them
    the chip resets itself. What goes wrong here shows when a network is joined."""
    try:
        network.WLAN(_STATION).active(True)
    except (OSError, RuntimeError) as error:
        print("wifi:", error)


class Wifi:
    """Joins `networks` ({"ssid", "password"}, the first that works counts) under the name `hostname`.

    `ssid` is that of the network the board is in, or None. run() is a coroutine for the board to spawn. With `stuck`
    set the radio goes off and on again.
    """

    def __init__(self, networks, hostname):
        network.hostname(hostname)
        self.ssid = None
        self.stuck = False
        self._networks = networks
        self._station = network.WLAN(_STATION)

    async def run(self):
        """Join, wait until the network is lost, join again, for ever; ends at once without networks, the radio off."""
        if not self._networks:
            self._station.active(False)
        while self._networks:
            for entry in self._networks:
                if await self._join(entry["ssid"], entry["password"]):
                    self.ssid = entry["ssid"]
                    while self._station.isconnected() and not self.stuck:
                        await asyncio.sleep_ms(_CHECK_MS)
                    break
            else:
                self.stuck = True  # a radio comes back from some states no other way
                await asyncio.sleep_ms(_REST_MS)

    async def _join(self, ssid, password):
        station = self._station
        self.ssid = None
        try:
            if self.stuck:
                station.active(False)
            if not station.active():
                station.active(True)
            self.stuck = False
            station.config(pm=station.PM_NONE, reconnects=0)  # it must not join by itself
            station.connect(ssid, password or None)
            for _ in range(_LOOKS):
                await asyncio.sleep_ms(_CHECK_MS)
                if station.isconnected():
                    return True
            station.disconnect()  # from what it is still looking for
        except (OSError, RuntimeError):
            self.stuck = True
        return False
