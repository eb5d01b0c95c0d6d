"""The Modbus meters on the simulated RS485 line: they answer as their registers are laid out in hal/meter/maps.py."""

import struct
from time import ticks_add, ticks_diff

from micropython import const

from hal.meter.modbus import crc16

_ANSWER_MS = const(30)
_LATE_MS = const(700)  # later than the driver waits
_SILENT = const(1)  # of connector.wire
_WRONG_CRC = const(2)
_NOISE = const(3)
_LATE = const(4)
_LOW_FIRST = const(8)
_FORMATS = (">f", ">i", ">I", ">h", ">H")  # of the TYPES in maps.py


class ModbusMeters:
    """A line as machine.UART, at whose other end is the meter of each of `connectors` that has one with Modbus."""

    def __init__(self, connectors):
        from hal.meter import maps

        self._ticks = connectors[0].ticks
        self._meters = {}
        for connector in connectors:
            meter = connector.config.get("meter", {})
            if meter.get("type") == "modbus":
                custom = meter.get("map")
                requests = maps.custom(custom) if custom else maps.named(meter["model"])
                self._meters[meter["address"]] = connector, requests
        self._coming = []  # [when, bytes] of each answer on its way

    def write(self, data):
        connector, answer = self._answer(bytes(data))
        if answer:
            wait = _LATE_MS if connector.wire == _LATE else _ANSWER_MS
            self._coming.append([ticks_add(self._ticks(), wait), answer])
        return len(data)

    def txdone(self):
        return True

    def any(self):
        if self._coming and ticks_diff(self._ticks(), self._coming[0][0]) >= 0:
            return len(self._coming[0][1])
        return 0

    def readinto(self, buf):
        count = min(len(buf), self.any())
        if count:
            answer = self._coming[0]
            buf[:count] = answer[1][:count]
            answer[1] = answer[1][count:]
            if not answer[1]:
                self._coming.pop(0)
        return count or None

    def _answer(self, data):
        """(connector, answer) to the question `data`, b"" if no meter has this address, or hears it."""
        connector, requests = self._meters.get(data[0], (None, ()))
        if not connector or len(data) != 8 or crc16(data, 8) or connector.wire == _SILENT:
            return connector, b""
        function, start, count = struct.unpack(">BHH", data[1:6])
        if function in [request[0] for request in requests]:
            answer = data[:2] + bytes((2 * count,)) + _registers(connector, requests, function, start, count)
        else:
            answer = bytes((data[0], function | 0x80, 1))  # illegal function
        crc = crc16(answer, len(answer)) ^ (connector.wire == _WRONG_CRC)
        answer += bytes((crc & 255, crc >> 8))
        return connector, b"\x00\xff\x55" + answer if connector.wire == _NOISE else answer


def _registers(connector, requests, function, start, count):
    """The bytes of `count` registers from `start`; those that the map does not know are 0."""
    registers = bytearray(2 * count)
    values = _values(connector)
    for kind_of, first, _, fields in requests:
        for at, kind, multiply, divide, quantity in fields if kind_of == function else ():
            raw = values[quantity] * divide / multiply
            form = _FORMATS[kind & 7]
            data = struct.pack(form, raw if form == ">f" else int(raw + 0.5))
            if kind & _LOW_FIRST and len(data) == 4:
                data = data[2:] + data[:2]
            at += 2 * (first - start)
            if 0 <= at <= len(registers) - len(data):
                registers[at : at + len(data)] = data
    return bytes(registers)


def _values(connector):
    """As QUANTITIES in maps.py: Wh, W, 1/100 Hz, 1/10 A, 1/10 V; a phase that is missing has 0."""
    none = [0] * (3 - connector.phases)
    return [connector.shown_wh, connector.power_w, 5000] + connector.currents + none + connector.voltages + none
