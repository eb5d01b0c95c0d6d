"""The S0 pulses of a simulated connector's meter, as a counter has counted them."""

from micropython import const

_WH = const(3600 * 1000)  # W * ms
_SILENT = const(1)  # of connector.wire
_NOISE = const(3)


class Pulses:
    """`value()` rises by 1 a pulse, modulo 65536; a wire that is silent brings none, noise many."""

    modulus = 65536

    def __init__(self, connector):
        self._connector = connector
        self._size = _WH * 1000 // connector.config["meter"]["pulses_per_kwh"]
        self._seen = connector.pulses(self._size)
        self._value = 0

    def value(self):
        connector = self._connector
        pulses = connector.pulses(self._size)
        if connector.wire != _SILENT:
            self._value += (pulses - self._seen & 65535) + 100 * (connector.wire == _NOISE)
        self._seen = pulses
        return self._value & 65535
