"""Runs under MicroPython in the firmware's folder: times its masking against a plain loop over 4 KiB.

Prints one line of JSON: {"plain_us": [..], "viper_us": [..]}, one figure a round; argument: rounds.
"""

import json
import sys
import time

from ocpp._mask import mask

_SIZE = 4096
_PLAIN_TIMES = 4
_VIPER_TIMES = 400


def plain(buf, key, start, length):
    """What masking is without machine code."""
    for index in range(length):
        buf[start + index] ^= key[index & 3]


def per_call(function, times, buf, key):
    """Mean time of one call in us."""
    began = time.ticks_us()
    for _ in range(times):
        function(buf, key, 0, _SIZE)
    return time.ticks_diff(time.ticks_us(), began) / times


def main(rounds):
    key = b"\x12\x93\xf7\x08"
    left = bytearray(index * 7 & 255 for index in range(_SIZE))
    right = bytearray(left)
    plain(left, key, 0, _SIZE)
    mask(right, key, 0, _SIZE)
    if left != right:
        raise ValueError("both ways must give the same bytes")
    figures = {"plain_us": [], "viper_us": []}
    for _ in range(rounds):
        figures["plain_us"].append(per_call(plain, _PLAIN_TIMES, left, key))
        figures["viper_us"].append(per_call(mask, _VIPER_TIMES, right, key))
    print(json.dumps(figures))


main(int(sys.argv[1]))
