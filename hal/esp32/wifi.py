"""Keeps the board in a Wi-Fi network."""

import asyncio

import network
from micropython import const

_LOOK_MS = const(500)
_LOOKS = const(30)  # how often, until the next network is tried
_REST_MS = const(5000)


class Wifi:
    """Joins `networks` ({"ssid", "password"}, the first that works counts) under the name `hostname`.

    `ssid` is that of the network the board is in, or None. run() is a coroutine for the board to spawn.
    """

    def __init__(self, networks, hostname):
        network.hostname(hostname)
        self.ssid = None
        self._networks = networks
        self._station = network.WLAN(network.STA_IF)

    async def run(self):
        """Join, wait until the network is lost, join again, for ever; ends at once without networks."""
        while self._networks:
            for entry in self._networks:
                if await self._join(entry["ssid"], entry["password"]):
                    self.ssid = entry["ssid"]
                    while self._station.isconnected():
                        await asyncio.sleep_ms(_LOOK_MS)
                    break
            else:
                await asyncio.sleep_ms(_REST_MS)

    async def _join(self, ssid, password):
        station = self._station
        self.ssid = None
        try:
            # Off and on: a radio that has got stuck comes back no other way. And it must not join by itself.
            station.active(False)
            station.active(True)
            station.config(pm=station.PM_NONE, reconnects=0)
            station.connect(ssid, password or None)
        except OSError:
            return False
        for _ in range(_LOOKS):
            await asyncio.sleep_ms(_LOOK_MS)
            if station.isconnected():
                return True
        return False
