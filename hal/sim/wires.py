"""Makes the pins and buses of the simulated board for the drivers; loaded for that."""

from hal.sim.pins import Converter


class Wires:
    """The wires of all `connectors`; a name as in hal/esp32/pins.py, with _2 behind it for the second. None for what is
    not fitted."""

    def __init__(self, connectors):
        self._connectors = connectors

    def output(self, name):
        """A pin to be called: with 0 or 1 to set it, without to read it back; low from the start."""
        stem, _, number = name.rpartition("_")
        if not number.isdigit():
            stem, number = name, "1"
        if 1 <= int(number) <= len(self._connectors):
            return getattr(self._connectors[int(number) - 1], stem, None)
        return None

    def sense(self, name, pull=None):
        """A pin to be called for its level."""
        return self.output(name)

    def pwm(self, name):
        """The generator of a pilot with set_duty()."""
        return self._connectors[int(name[6:] or 1) - 1]

    def analog(self, name):
        """A converter with read_uv()."""
        read = self.output(name)
        return Converter(read) if read else None

    def counter(self, name):
        """The counter of S0 pulses, "pulse" or "pulse_2"."""
        from hal.sim.pulses import Pulses

        return Pulses(self._connectors[int(name[6:] or 1) - 1])

    def report(self, number):
        """The reports of the board itself: `error`, and `reset` when the owner asks for it."""
        return self._connectors[number - 1]

    def meter(self, number, *max_w):
        """The ideal meter."""
        from hal.sim.ideal_meter import IdealMeter

        return IdealMeter(self._connectors[number - 1], *max_w)

    def uart(self, name, baudrate, parity=None):
        """A serial line: "rs485" with the meters of all connectors, "meter" with the energy chip of one."""
        if name == "rs485":
            from hal.sim.modbus_meters import ModbusMeters

            return ModbusMeters(self._connectors)
        from hal.sim.energy_chip import Chip

        return Chip(self._connectors[int(name[6:] or 1) - 1])
