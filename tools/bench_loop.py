"""Runs under MicroPython: what other times are compared with, so that a verdict holds on any machine, busy or not."""

import time


def plain_us():
    """us that a plain loop of 1000 rounds takes now."""
    began = time.ticks_us()
    count = 0
    for index in range(1000):
        count += index & 1
    return time.ticks_diff(time.ticks_us(), began)
