"""An Evse that counts its ticks, and a watchdog that counts how often it is fed."""

import time


class Watchdog:
    fed = 0

    def feed(self):
        self.fed += 1


class Counted:
    """Stands for an Evse: counts its ticks, and takes its time in one of them."""

    number = 1

    def __init__(self, slow_tick, done):
        self.ticks = self.opened = 0
        self.slow_tick = slow_tick
        self.done = done

    def tick(self, now):
        self.ticks += 1
        if self.ticks == self.slow_tick:
            time.sleep_ms(70)
        if self.ticks == 6:
            self.done.set()

    def safe(self):
        self.opened += 1
