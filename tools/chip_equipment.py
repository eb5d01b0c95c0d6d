"""What an emulated chip lacks, for the real board type: a car at the pilot, a meter on RS485, a mild day. Runs on the
board before the firmware and puts its own ADC, PWM and UART in the place of those of machine.

One letter by UDP to port 10 says what the car does: A gone, B plugged in, C charging; it draws 16 A on three phases
while the contactor is closed. The meter is an SDM630; what it has counted is gone when the power is.
"""

import socket
import struct
import sys
from time import ticks_diff, ticks_ms

import machine

_CONTACTOR, _HIGH, _LOW = 26, 36, 39
_STEADY = 65535
_ZERO_MV, _GAIN = 1311, 11712  # the front end of docs/wiring.md
_LEVELS = {"A": 12000, "B": 9000, "C": 6000}
_W = 11040  # 3 * 230 V * 16 A
_LOOK_MS = 200
_MILD_UV = 1650000

_car = ["A", 0, 0, 0]  # what it does, Wms, the time of the last look at them, the duty of the pilot
_inbox = []


def _hear(timer):
    """Take a letter, if there is one."""
    try:
        if not _inbox:
            door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            door.setblocking(False)
            door.bind(("0.0.0.0", 10))
            _inbox.append(door)
        letter = _inbox[0].recv(16)[:1].decode()
        if letter in _LEVELS:
            _car[0] = letter
    except OSError:
        pass


class _Adc:
    ATTN_11DB = 3

    def __init__(self, pin, *, atten=0):
        self._pin = pin

    def read_uv(self):
        if self._pin == machine.Pin(_HIGH):
            level = _LEVELS[_car[0]] if _car[3] else -12000
        elif self._pin == machine.Pin(_LOW):
            level = -12000 if _car[3] < _STEADY else _LEVELS[_car[0]]
        else:
            return _MILD_UV
        return (level * 1000 // _GAIN + _ZERO_MV) * 1000


class _Pwm:
    """The generator of the pilot."""

    def __init__(self, pin, *, freq, duty_u16):
        _car[3] = duty_u16

    def duty_u16(self, duty):
        _car[3] = duty


class _Uart:
    """The meter at the other end of any line."""

    def __init__(self, unit, **settings):
        self._answer = b""

    def write(self, question):
        start, count = struct.unpack(">HH", bytes(question[2:6]))
        values = b"".join([struct.pack(">f", _register(start + at)) for at in range(0, count, 2)])
        answer = bytes(question[:2]) + bytes([len(values)]) + values
        self._answer = answer + struct.pack("<H", _crc(answer))

    def txdone(self):
        return True

    def any(self):
        return len(self._answer)

    def readinto(self, buffer):
        count = min(len(buffer), len(self._answer))
        buffer[:count] = self._answer[:count]
        self._answer = self._answer[count:]
        return count


def _register(number):
    """What the SDM630 tells at this place: V, A, W, Hz, kWh."""
    now = ticks_ms()
    flows = _car[0] == "C" and machine.Pin(_CONTACTOR).value()
    if flows:
        _car[1] += _W * ticks_diff(now, _car[2])
    _car[2] = now
    if number < 6:
        return 230
    if number < 12:
        return 16 if flows else 0
    if number == 72:
        return _car[1] / 3600000000
    return {52: _W if flows else 0, 70: 50}.get(number, 0)


def _crc(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


class _Machine:
    """The module machine, which itself cannot be changed."""

    def __getattr__(self, name):
        return getattr(machine, name)


_changed = _Machine()
_changed.ADC, _changed.PWM, _changed.UART = _Adc, _Pwm, _Uart
sys.modules["machine"] = _changed
# 0 is the safety loop's, 2 that of a version on trial, 3 that of --tell-heaps.
machine.Timer(1, period=_LOOK_MS, callback=_hear)
