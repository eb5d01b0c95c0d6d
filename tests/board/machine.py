"""The module `machine` of an ESP32 whose pins end in tests/board/world.py."""

import asyncio
import struct
import sys
import time

import uctypes
from array import array

import micropython
from world import world

try:
    import ffi
except ImportError:
    ffi = None

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5
_SIGALRM = 14


def reset_cause():
    return PWRON_RESET


def reset():
    world.tell("reset")
    sys.exit(75)


class Pin:
    IN = 1
    OUT = 3
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_FALLING = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if id not in range(40) or 5 < id < 12 or id > 33 and (mode == Pin.OUT or pull not in (-1, None)):
            raise ValueError("invalid pin")
        self.id = id
        self._wire = world.wire(id)
        self._name = world.names.get(id, "")
        if value is not None:
            self(value)

    def __call__(self, level=None):
        if self._wire:
            return self._wire() if level is None else self._wire(level)
        if level is None:
            world.look()
            return world.levels.get(self.id, 1)
        if self._name == "reader_cs":
            world.chip(level)
        elif level != world.levels.get(self.id):
            world.levels[self.id] = level
            if self._name == "buzzer":
                world.tell("buzzer", int(level))
        return None

    value = __call__

    def irq(self, handler=None, trigger=3):
        raise OSError("no interrupts here")


class ADC:
    ATTN_11DB = 3

    def __init__(self, pin, *, atten=0):
        if not 32 <= pin.id <= 39 or atten != ADC.ATTN_11DB:
            raise ValueError("not linear up to 2450 mV")
        self._wire = world.wires.analog(world.names[pin.id])

    def read_uv(self):
        world.look()
        return self._wire.read_uv()


class PWM:
    def __init__(self, pin, *, freq, duty_u16):
        self._wire = world.wires.pwm(world.names[pin.id]) if freq == 1000 else None
        self._name = world.names[pin.id]
        self.duty_u16(duty_u16)

    def duty_u16(self, value):
        if self._wire:
            self._wire.set_duty((value * 10000 + 65534) // 65535)
        else:
            world.tell(self._name, int(value > 0))


class UART:
    def __init__(self, id, *, baudrate, bits, parity, stop, timeout, rx, tx=None):
        if id not in (1, 2) or bits != 8 or stop != 1 or timeout != 0:
            raise ValueError("UART(%d)" % id)
        wire = world.wires.uart(world.names[rx].replace("_rx", ""), baudrate, parity)
        self.write, self.any, self.readinto, self.txdone = wire.write, wire.any, wire.readinto, wire.txdone


class SPI:
    def __init__(self, id, *, baudrate, sck, mosi, miso):
        if [world.names.get(pin.id) for pin in (sck, mosi, miso)] != ["spi_sck", "spi_mosi", "spi_miso"]:
            raise ValueError("SPI(%d)" % id)

    def write_readinto(self, out, into):
        world.chip.settle()
        world.chip.write_readinto(out, into)


class I2C:
    pass


class RTC:
    def datetime(self, date):
        year, month, day, _, hours, minutes, seconds, subseconds = date
        world.tell("clock", "%04d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day, hours, minutes, seconds), subseconds)


class Timer:
    """Its callback interrupts whatever runs, as on a board, where this interpreter can take signals (those of 32 bits);
    else it comes from a task."""

    PERIODIC = 1
    _on = False

    def __init__(self, id):
        if id not in range(4):
            raise ValueError("Timer(%d)" % id)

    def init(self, *, mode, period, callback):
        self._on, self._callback = True, callback
        if ffi:
            _alarm(period, self._schedule)
        else:
            asyncio.create_task(self._run(period))
        world.tell("timer", period)

    def deinit(self):
        if self._on:
            self._on = False
            if ffi:
                _alarm(0, self._schedule)
            world.tell("timer off")

    def _schedule(self, _):
        try:
            micropython.schedule(self._callback, self)
        except RuntimeError:
            pass  # the queue is full, as on a board

    async def _run(self, period):
        while self._on:
            self._schedule(None)
            await asyncio.sleep_ms(period)


def _alarm(milliseconds, function):
    """Call `function` from a signal handler every so often, where nothing may be allocated; 0 ends that."""
    libc = ffi.open("libc.so.6")
    if milliseconds:
        Timer.handler = ffi.callback("v", function, "i", lock=True)  # kept, or it would be collected
        libc.func("P", "signal", "iC")(_SIGALRM, Timer.handler)
    microseconds = milliseconds * 1000
    libc.func("i", "setitimer", "iPP")(0, array("l", [0, microseconds, 0, microseconds]), None)


class _Memory:
    """The memory of this process, in words of 32 bits."""

    def __getitem__(self, address):
        return struct.unpack("<I", uctypes.bytearray_at(address, 4))[0]

    def __setitem__(self, address, value):
        struct.pack_into("<I", uctypes.bytearray_at(address, 4), 0, value)


mem32 = _Memory()


class WDT:
    """Ends the process when nobody feeds it, at the next look; begins with its first feeding."""

    def __init__(self, *, timeout):
        world.tell("watchdog", timeout)
        self.feed()

    def feed(self):
        self.fed = time.ticks_ms()
