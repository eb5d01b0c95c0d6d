"""Runs under MicroPython: how late this machine lets a process tick that does nothing else, as the safety loop does
every 20 ms. Prints the worst lateness in ms when its standard input ends."""

import asyncio
import sys
import time

_TICK_MS = 20


async def tick(worst):
    due = time.ticks_ms()
    while True:
        now = time.ticks_ms()
        worst[0] = max(worst[0], time.ticks_diff(now, due))
        due = time.ticks_add(now, _TICK_MS)
        await asyncio.sleep_ms(max(0, time.ticks_diff(due, time.ticks_ms())))


async def main():
    worst = [0]
    task = asyncio.create_task(tick(worst))
    await asyncio.StreamReader(sys.stdin).read(1)
    task.cancel()
    print(worst[0])


asyncio.run(main())
