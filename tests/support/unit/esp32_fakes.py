"""The modules of an ESP32 that hal/esp32 needs, as its quick reference and the library reference describe them.

Import it before anything of hal/esp32. All state is in the classes; `reset()` makes the board new.
"""

import sys

_FULL_SCALE_MV = (1100, 1500, 2200, 2450)  # what an attenuation can tell apart, ADC.ATTN_0DB to ATTN_11DB


class Pin:
    IN = 1
    OUT = 3
    PULL_DOWN = 1
    PULL_UP = 2
    pins = {}

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if id not in range(40) or 5 < id < 12 or id > 33 and (mode == Pin.OUT or pull not in (-1, None)):
            raise ValueError("invalid pin")
        self.id = id
        before = self.pins.get(id)
        self.mode = before.mode if before and mode == -1 else mode
        self.pull = before.pull if before and pull == -1 else pull
        self.level = before.level if before and value is None else value
        self.pins[id] = self

    IRQ_FALLING = 2

    def value(self, *level):
        if not level:
            return self.level
        self.level = level[0]

    __call__ = value

    def irq(self, handler=None, trigger=3):
        self.handler = handler, trigger


class _Bus:
    """What was made, in order: (name, arguments)."""

    made = []

    def __init__(self, *arguments, **keywords):
        for pin in list(keywords.values()) + list(arguments):
            if isinstance(pin, Pin):
                Pin.pins[pin.id] = pin
        self.arguments = arguments, {name: getattr(value, "id", value) for name, value in keywords.items()}
        self.made.append((type(self).__name__, self.arguments))


class UART(_Bus):
    pass


class SPI(_Bus):
    pass


class I2C(_Bus):
    pass


class PCNT(_Bus):
    INCREMENT = 1
    started = False

    def start(self):
        self.started = True

    def value(self):
        return 7 if self.started else None


class NeoPixel(_Bus):
    pass


class OneWire(_Bus):
    pass


class ADC:
    ATTN_0DB = 0
    ATTN_11DB = 3
    millivolts = {}  # what is at each GPIO

    def __init__(self, pin, *, atten=0):
        if not 32 <= pin.id <= 39:
            raise ValueError("not on ADC1")
        self._id = pin.id
        self._top = _FULL_SCALE_MV[atten]

    def read_uv(self):
        return min(self._top, self.millivolts[self._id]) * 1000 + 999


class PWM:
    made = {}

    def __init__(self, pin, *, freq=5000, duty_u16=32768):
        self.frequency = freq
        self.duty_u16(duty_u16)
        self.made[pin.id] = self

    def duty_u16(self, value):
        if type(value) is not int or not 0 <= value <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self.duty = value


class WDT:
    running = []

    def __init__(self, *, id=0, timeout=5000):
        self.timeout = timeout
        self.fed = 0
        self.running.append(self)

    def feed(self):
        self.fed += 1


class RTC:
    date = (2000, 1, 1, 5, 0, 0, 0, 0)

    def datetime(self, date=None):
        """(year, month, day, weekday, hours, minutes, seconds, subseconds)"""
        if date is None:
            return RTC.date
        if type(date) is not tuple or len(date) != 8:
            raise TypeError("8 numbers")
        RTC.date = date


class Air:
    """The networks around the board, and the one radio in it."""

    networks = {}  # ssid -> password
    log = []  # what was asked of the radio
    needs_ms = 2000  # until a network is joined
    fails = []  # what active() raises next
    on = False
    jammed = 0  # the radio refuses to join until it has been switched off so often
    name = None
    dns = "0.0.0.0"
    now = 0


class WLAN:
    PM_NONE = 0

    def __init__(self, interface):
        self._interface = interface
        self._wish = None

    def active(self, *on):
        if not on:
            return Air.on
        if Air.fails:
            raise Air.fails.pop()
        if Air.on and not on[0]:
            Air.jammed = max(0, Air.jammed - 1)
        Air.on = on[0]
        self._wish = None
        Air.log.append("on" if on[0] else "off")

    def config(self, **settings):
        if not Air.on:
            raise OSError("Wifi Not Started")
        Air.log.append(settings)

    def connect(self, ssid, key=None):
        if not Air.on or Air.jammed or self._wish:
            raise OSError("Wifi Internal State Error")
        Air.log.append((ssid, key))
        self._wish = ssid, key, Air.now

    def disconnect(self):
        self._wish = None

    def isconnected(self):
        if not self._wish:
            return False
        ssid, key, since = self._wish
        good = ssid in Air.networks and (Air.networks[ssid] or None) == key and Air.now - since >= Air.needs_ms
        if ssid not in Air.networks and Air.now - since >= Air.needs_ms:
            self._wish = None  # without reconnects the radio leaves it at that
        return good


class _Network:
    STA_IF = 0
    WLAN = WLAN

    @staticmethod
    def hostname(name):
        Air.name = name

    @staticmethod
    def ipconfig(name):
        return {"dns": Air.dns}[name]


class _Machine:
    Pin = Pin
    ADC = ADC
    PWM = PWM
    WDT = WDT
    RTC = RTC
    Timer = None  # that of the safety loop has tests of its own
    UART = UART
    SPI = SPI
    I2C = I2C
    PWRON_RESET = 1
    HARD_RESET = 2
    WDT_RESET = 3
    SOFT_RESET = 5
    cause = 1

    @classmethod
    def reset_cause(cls):
        return cls.cause

    @staticmethod
    def reset():
        raise SystemExit


def reset():
    Pin.pins.clear()
    ADC.millivolts.clear()
    PWM.made.clear()
    WDT.running.clear()
    Air.networks = {}
    Air.log = []
    Air.jammed = 0
    Air.on = False
    Air.fails = []
    Air.name = None
    Air.dns = "0.0.0.0"
    Air.needs_ms = 2000
    Air.now = 0
    _Bus.made.clear()


class _Esp32:
    PCNT = PCNT


class _NeoPixel:
    NeoPixel = NeoPixel


class _OneWire:
    OneWire = OneWire


made = _Bus.made
sys.modules["machine"] = _Machine
sys.modules["esp32"] = _Esp32
sys.modules["neopixel"] = _NeoPixel
sys.modules["onewire"] = _OneWire
sys.modules["network"] = _Network
