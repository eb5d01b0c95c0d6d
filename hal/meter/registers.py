"""A meter that is asked for its registers over Modbus; what they mean is a map of hal/meter/maps.py."""

from time import ticks_add, ticks_diff

from micropython import const

from hal.meter import Meter
from hal.meter.billing import MARGIN_WH, MAX_W
from hal.meter.modbus import BUSY, GOOD

_INTERVAL_MS = const(1000)
_FIRST_MS = const(100)  # until the register is settled
_FIELDS = const(3)  # of a request in maps.py, after function, first register and count
_QUANTITY = const(4)  # of a field
_POWER = const(1)  # indexes of QUANTITIES in maps.py
_FREQUENCY = const(2)
_CURRENT = const(3)  # of the first phase; a multiple of 3
_VOLTAGE = const(6)
_FLOAT = const(0)  # indexes of TYPES in maps.py
_INT32 = const(1)
_INT16 = const(3)
_UINT16 = const(4)
_LOW_FIRST = const(8)


class RegisterMeter(Meter):
    """The meter with address `slave` (1 to 247) on `bus`; `requests` from maps.py, `pause_ms` between two of them.

    `volts` (V) is the nominal voltage, for meters that measure no currents. Resolution: a float32 has 24 bits, so a
    register in kWh is exact to 1 Wh below 16,384 kWh, to 2 Wh below 32,768 kWh, to 8 Wh below 131,072 kWh; most meters
    themselves count in steps of 1 or 10 Wh.
    """

    def __init__(self, bus, slave, requests, phases=3, volts=230, max_w=MAX_W, pause_ms=0):
        from hal.meter import maps

        super().__init__(phases, max_w, MARGIN_WH + maps.resolution_wh(requests))
        self._pause_ms = pause_ms
        self._bus = bus
        self._slave = slave
        self._requests = requests
        quantities = [field[_QUANTITY] for request in requests for field in request[_FIELDS]]
        self.estimates = _CURRENT not in quantities
        self._volts = volts if self.estimates else 0
        if _VOLTAGE not in quantities:
            self.voltages = []
        self._due = None
        self._index = 0
        self.register.start(0, None, 0)

    def set_energy(self, wh, seconds=None, shown=None):
        self.register.start(wh, seconds, wh if shown is None else shown)

    def poll(self, now):
        bus = self._bus
        if bus.owner is not self:
            if bus.owner is None and (self._due is None or ticks_diff(now, self._due) >= 0):
                bus.owner = self
                self._index = 0
                self._ask()
            return 10
        state = bus.step(now)
        if state != BUSY:
            self._next(state, now)
        # Soon again, for a driver that is enabled too long covers the answer.
        return 2

    def _next(self, state, now):
        bus = self._bus
        error = bus.error
        if state == GOOD:
            error = self._take(self._requests[self._index][_FIELDS], now)
            self._index += 1
            if not error and self._index < len(self._requests):
                self._ask()
                return
        self.register.pass_time(now)
        wait = _INTERVAL_MS
        if error:
            self._fail(error)
        elif self.register.settled:
            self._good()
        else:
            # Nothing may begin or end with a register that was read once: it may be another number, read wrongly.
            self._fail("register is not confirmed yet")
            wait = _FIRST_MS
        bus.owner = None
        self._due = ticks_add(now, wait)

    def _ask(self):
        self._bus.ask(self._slave, *self._requests[self._index][:_FIELDS], self._pause_ms)

    def _take(self, fields, now):
        try:
            for at, kind, multiply, divide, quantity in fields:
                self._set(quantity, number(self._bus.answer, 3 + at, kind, multiply, divide), now)
        except ValueError as error:
            return str(error)

    def _set(self, quantity, value, now):
        if quantity >= _CURRENT:
            values = self.voltages if quantity >= _VOLTAGE else self.currents
            if quantity % 3 < len(values):
                values[quantity % 3] = value
        elif quantity == _FREQUENCY:
            self.frequency = value
        elif quantity == _POWER:
            self.power_w = value
            if self._volts:
                self._estimate(self._volts)
        else:
            self.register.take(value, now)


def number(buf, at, kind, multiply, divide):
    """The number at `buf[at]` times `multiply / divide`, rounded; integers only. ValueError: it is none (NaN)."""
    value = buf[at] << 8 | buf[at + 1]
    low_first = kind & _LOW_FIRST
    kind &= ~_LOW_FIRST
    if kind < _INT16:
        other = buf[at + 2] << 8 | buf[at + 3]
        value = other << 16 | value if low_first else value << 16 | other
    if kind == _FLOAT:
        # IEEE 754 single: value = mantissa * 2 ** (exponent - 150).
        exponent = value >> 23 & 255
        if exponent == 255:
            raise ValueError("not a number")
        sign = value >> 31
        value &= 0x7FFFFF
        if exponent:
            value |= 0x800000
            exponent -= 1
        value = (-value if sign else value) * multiply << max(0, exponent - 149)
        divide <<= max(0, 149 - exponent)
    else:
        bits = 31 if kind < _INT16 else 15
        if kind in (_INT32, _INT16) and value >> bits:
            value -= 2 << bits
        value *= multiply
    return (2 * value + divide) // (2 * divide)
