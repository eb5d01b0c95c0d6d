"""Serves card reader, lights, buzzer, button, and the thermometer beside them, in one task apart from the safety
loop."""

import asyncio
from time import ticks_ms

from micropython import const


_TICK_MS = const(20)
_MAX_MISSED = const(250)  # ticks without an answer of the reader: 5 s


class Panel:
    """`polls` are functions of the time in ms; `lights` has the indicator or None of each connector, in their order."""

    def __init__(self, core, polls, lights, buzzer, button):
        self._core = core
        self._polls = polls
        self._lights = lights
        self._buzzer = buzzer
        self._button = button
        self._missed = self._faults = 0
        self._reader = core.card_reader
        if self._reader:
            self._reader.heard = self._heard

    async def run(self):
        """Poll reader, lights and button for ever."""
        while True:
            now = ticks_ms()
            for poll in self._polls:
                poll(now)
            self._watch()
            for connector in self._core.connectors:
                light = self._lights[connector.number - 1]
                if light:
                    light.show(self._status(connector), now)
            press = self._button and self._button.poll(now)
            if press:
                self._pressed(press)
            await asyncio.sleep_ms(_TICK_MS)

    def _play(self, sound):
        if self._buzzer:
            self._buzzer.play(sound)

    def _pressed(self, press):
        from app import button_press

        if button_press.handle(self._core, press):
            self._play("accepted")

    def _heard(self, good):
        self._play("accepted" if good else "refused")

    def _watch(self):
        """Warn at each connector while the reader does not answer (1.6 7.6); play a sound for a new fault."""
        self._missed = 0 if not self._reader or self._reader.ok else min(_MAX_MISSED, self._missed + 1)
        faults = 0
        for connector in self._core.connectors:
            evse = connector.evse
            evse.devices.error = "ReaderFailure" if self._missed == _MAX_MISSED else None
            faults += evse.worst is not None
        if faults > self._faults:
            self._play("error")
        self._faults = faults

    def _status(self, connector):
        """As hal/drivers/indicator.py names them."""
        status = connector.status
        if status in ("Available", "Preparing", "Finishing") and self._reader and self._reader.busy:
            return "Authorizing"
        engine = self._core.engine  # None until it is started
        return "Offline" if status == "Available" and not (engine and engine.online) else status
