"""Runs under MicroPython in the firmware's folder: times its loops in machine code against the same in plain Python.

Prints one line of JSON: name -> {"plain_us": [..], "viper_us": [..]}, one figure a round; arguments: rounds, the
folder of the sources.
"""

import json
import sys
import time
from array import array

from ocpp.websocket._mask import mask

from hal.drivers._sample import extremes
from hal.meter._crc16 import crc16
from hal.meter._rms import rms

_PLAIN_TIMES = 4
_VIPER_TIMES = 100
_TRIES = 5
_BYTES = 4096  # of a message
_FRAME = 255  # bytes, the longest of Modbus RTU
_SAMPLES = 500  # of a current transformer, two periods
_READINGS = 100  # of the pilot


def masking(buf, key, start, length):
    """What masking is without machine code."""
    for index in range(length):
        buf[start + index] ^= key[index & 3]


def twin(folder, file, name):
    """The function `name` of a plain twin, which the build leaves out."""
    scope = {}
    with open(folder + "/hal/" + file) as source:
        exec(source.read(), scope)
    return scope[name]


def per_call(function, times, arguments):
    """Time of one call in us: the best mean of some calls each, for what else this machine does takes time too."""
    best = None
    for _ in range(_TRIES):
        began = time.ticks_us()
        for _ in range(times):
            function(*arguments)
        took = time.ticks_diff(time.ticks_us(), began) / times
        best = took if best is None else min(best, took)
    return best


def measure(rounds, plain, viper, *arguments):
    """Figures of both, alternately; ValueError if they do not agree."""
    if plain(*arguments) != viper(*arguments):
        raise ValueError("both ways must give the same: %s" % plain)
    figures = {"plain_us": [], "viper_us": []}
    for _ in range(rounds):
        figures["plain_us"].append(per_call(plain, _PLAIN_TIMES, arguments))
        figures["viper_us"].append(per_call(viper, _VIPER_TIMES, arguments))
    return figures


def main(rounds, folder):
    message = bytearray(index * 7 & 255 for index in range(_BYTES))
    masked = bytearray(message)
    masking(masked, b"\x12\x93\xf7\x08", 0, _BYTES)
    mask(masked, b"\x12\x93\xf7\x08", 0, _BYTES)
    if masked != message:
        raise ValueError("masking twice must give the same bytes")
    wave = array("H", [2048 + (index * 37 % 400) for index in range(_SAMPLES)])
    crc, root, ends = [twin(folder, *names) for names in (
        ("meter/_crc16_py.py", "crc16"), ("meter/_rms_py.py", "rms"), ("drivers/_sample_py.py", "extremes"))]
    print(json.dumps({
        "mask": measure(rounds, masking, mask, message, b"\x12\x93\xf7\x08", 0, _BYTES),
        "crc16": measure(rounds, crc, crc16, message, _FRAME),
        "rms": measure(rounds, root, rms, wave, _SAMPLES),
        "extremes": measure(rounds, ends, extremes, wave, _READINGS, array("H", [0, 0])),
    }))


main(int(sys.argv[1]), sys.argv[2])
