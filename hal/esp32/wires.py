"""Makes the objects for the pins of the board, by the names of hal/esp32/pins.py. Needed at the start only: no object
that lives on is of a class or a function of this module."""

from machine import ADC, I2C, SPI, UART, Pin

_PULLS = {"up": Pin.PULL_UP, "down": Pin.PULL_DOWN}


def output(gpio):
    """The pin as an output that is low from its first moment; a soft reset leaves outputs as they were."""
    return Pin(gpio, Pin.OUT, value=0)


def sense(gpio, pull=None):
    """The pin as an input with Pin.PULL_UP, Pin.PULL_DOWN or neither; 34 to 39 have no pulls, there the wiring has."""
    if gpio > 33:
        pull = None
    return Pin(gpio, Pin.IN, pull)


def analog(gpio):
    """The converter at a pin of ADC1 (GPIO 32 to 39), as the drivers take it.

    Its read_uv() is corrected by the chip's own calibration, in steps of 1 mV, and linear from 150 to 2450 mV (quick
    reference of the ESP32).
    """
    return ADC(Pin(gpio), atten=ADC.ATTN_11DB)


class Wires:
    """`pins`: name -> GPIO, of hal/esp32/pins.py. What is not fitted is None."""

    def __init__(self, pins):
        self._pins = pins
        self._uarts = [1, 2]  # 0 is the console
        self._counters = 0
        self.thermometer = None  # a DS18B20, once it is asked for

    def output(self, name):
        """A machine.Pin, low from its first moment; called with 0 or 1."""
        return output(self._pins[name]) if name in self._pins else None

    def sense(self, name, pull=None):
        """A machine.Pin, called for its level; `pull` is "up", "down" or None."""
        return sense(self._pins[name], _PULLS.get(pull)) if name in self._pins else None

    def analog(self, name):
        """A machine.ADC; its read_uv() gives the microvolts at the pin."""
        return analog(self._pins[name]) if name in self._pins else None

    def pwm(self, name):
        """The generator of a pilot, steadily low at first."""
        from hal.esp32.pwm import PilotPwm

        return PilotPwm(self._pins[name])

    def _line(self, name, end):
        # The pins of uart "meter_2" are meter_rx_2 and meter_tx_2.
        stem, _, number = name.rpartition("_")
        return self._pins.get("_".join((stem, end, number) if number.isdigit() else (name, end)), -1)

    def uart(self, name, baudrate, parity=None):
        """A machine.UART of 8 bits that never waits; `parity` None, 0 (even) or 1 (odd). ValueError: none is left."""
        if not self._uarts:
            raise ValueError(".type needs a third serial port, this board has two beside the console")
        lines = {}
        for end in ("tx", "rx"):
            gpio = self._line(name, end)
            if gpio >= 0:
                lines[end] = gpio
        unit = self._uarts.pop()
        return UART(unit, baudrate=baudrate, bits=8, parity=parity, stop=1, timeout=0, **lines)

    def counter(self, name, hardware=False):
        """A counter of falling edges: value() and modulus. Without PCNT by interrupt or, if that is too slow, None."""
        gpio = self._pins[name]
        try:
            from hal.esp32.counter import Counter
        except ImportError:
            if hardware:
                return None
            from hal.meter.edges import EdgeCounter

            return EdgeCounter(sense(gpio, Pin.PULL_UP))
        self._counters += 1
        return Counter(self._counters - 1, gpio)

    def ds18b20(self):
        """The sensor of the box, one for all connectors; its poll() is to be called."""
        if not self.thermometer:
            from onewire import OneWire

            from hal.drivers.ds18b20 import Ds18b20

            self.thermometer = Ds18b20(OneWire(Pin(self._pins["onewire"])))
        return self.thermometer

    def spi(self):
        """The bus of a card reader."""
        pins = [Pin(self._pins["spi_" + end]) for end in ("sck", "mosi", "miso")]
        return SPI(2, baudrate=2000000, sck=pins[0], mosi=pins[1], miso=pins[2])

    def i2c(self):
        """The bus of a card reader, which may hold the clock for 10 ms."""
        return I2C(0, scl=Pin(self._pins["reader_scl"]), sda=Pin(self._pins["reader_sda"]), freq=100000, timeout=10000)

    def pixels(self, name, count):
        """A neopixel.NeoPixel of so many, or None."""
        if name not in self._pins:
            return None
        from neopixel import NeoPixel

        return NeoPixel(output(self._pins[name]), count)

    def tone(self, name):
        """A passive buzzer: called with 1 or 0."""
        from hal.esp32.tone import Tone

        return Tone(self._pins[name])
