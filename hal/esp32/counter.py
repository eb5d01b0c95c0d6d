"""The pulse counter in hardware, as MicroPython v1.26 and later have it."""

from esp32 import PCNT
from machine import Pin

from micropython import const

_LONGEST = const(1023)  # of the filter: 12.8 us, against spikes


class Counter:
    """Counts falling edges at a GPIO from 0 to `modulus` - 1, then starts again at 0; `unit` is 0 to 7."""

    modulus = 32000

    def __init__(self, unit, gpio):
        pcnt = PCNT(unit, pin=Pin(gpio, Pin.IN), falling=PCNT.INCREMENT, filter=_LONGEST, max=self.modulus)
        pcnt.start()
        self.value = pcnt.value
