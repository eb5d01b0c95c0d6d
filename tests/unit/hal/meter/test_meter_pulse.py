import gc
import random
import sys
import time
from time import ticks_add, ticks_diff

from hal.meter.edges import EdgeCounter
from hal.meter.none import NoMeter
from hal.meter.pulse import PulseMeter


class Counter:
    """A counter as hardware has them: starts again at `modulus`."""

    def __init__(self, modulus=65536, start=0):
        self.modulus = modulus
        self.count = start

    def pulse(self, count=1):
        self.count = (self.count + count) % self.modulus

    def value(self):
        return self.count


class PulsedLoad:
    """A load of `power` watts whose meter gives a pulse each 1 / `rate` kWh; `line` is what the counter sees of one."""

    def __init__(self, rate=1000, start=0, modulus=65536, line=1, **kwargs):
        self.counter = Counter(modulus, start)
        self.meter = PulseMeter(self.counter, rate, kwargs.pop("max_w", 11000), modulus=modulus, **kwargs)
        self.now = (1 << 30) - 3000
        self.energy = 0  # W * ms since the last pulse
        self.pulse = 3600000000 // rate
        self.line = line
        self.power = 0

    def run(self, ms):
        for step in range(1, ms // 10 + 1):
            self.energy += self.power * 10
            while self.energy >= self.pulse:
                self.energy -= self.pulse
                self.counter.pulse(self.line)
            self.now = ticks_add(self.now, 10)
            if step % 10 == 0:
                assert self.meter.poll(self.now) == 100
        return self.meter


def test_pulses_are_wh():
    house = PulsedLoad()
    meter = house.run(100)
    assert (meter.ok, meter.error, meter.energy_wh, meter.power_w) == (True, None, 0, 0)
    house.power = 7200
    assert house.run(100000).energy_wh == 200
    assert meter.voltages == [] and meter.frequency is None


def test_no_part_of_a_wh_is_lost():
    for rate, pulses, wh in ((3000, 2999, 999), (800, 801, 1001), (10000, 9999, 999), (1, 3, 3000), (999, 999, 1000)):
        counter = Counter()
        meter = PulseMeter(counter, rate, 20000)
        now = 0
        for _ in range(pulses):
            now = ticks_add(now, 4000000 if rate == 1 else 2000)
            counter.pulse()
            meter.poll(now)
            meter.poll(ticks_add(now, 1000))
        assert meter.energy_wh == wh, rate


def test_counter_wraps_around():
    for modulus in (65536, 32767, 256):
        house = PulsedLoad(start=modulus - 2, modulus=modulus)
        house.run(100)
        house.power = 10000
        assert house.run(36000).energy_wh == 100


def test_pulses_before_the_first_poll_count():
    counter = Counter(start=500)
    meter = PulseMeter(counter, 1000, 11000)
    counter.pulse()
    meter.poll(0)
    assert meter.energy_wh == 1


def test_energy_goes_on_from_the_stored_register():
    house = PulsedLoad(rate=3000)
    house.meter.set_energy(123456)
    house.power = 9000
    assert house.run(4000).energy_wh == 123466
    random.seed(3)
    last = 0
    for _ in range(50):
        house.power = random.choice((0, 500, 4000, 10000))
        wh = house.run(2000).energy_wh
        assert wh >= last
        last = wh


def test_power_and_currents_from_the_time_between_pulses():
    for power in (230, 1380, 3680, 7360, 10900):
        house = PulsedLoad()
        house.power = power
        meter = house.run(60000)
        assert abs(meter.power_w - power) <= power // 25, (power, meter.power_w)
        assert abs(meter.currents[0] - power // 23) <= power // 23 // 25 + 1
    house = PulsedLoad(phases=3)
    house.power = 6900
    currents = house.run(30000).currents
    assert len(currents) == 3 and len(set(currents)) == 1 and 97 <= currents[0] <= 103


def test_power_follows_within_seconds():
    house = PulsedLoad()
    house.power = 3600
    house.run(20000)
    house.power = 7200
    assert 6900 <= house.run(12000).power_w <= 7500
    house.power = 3600
    assert 3400 <= house.run(12000).power_w <= 3800


def test_power_falls_when_no_pulses_come():
    house = PulsedLoad()
    house.power = 7200
    house.run(20000)
    house.power = 0
    # The next pulse is missing for 10 s: at most 360 W, for 100 s: 36 W.
    last = house.meter.power_w
    for seconds in (10, 100):
        meter = house.run(seconds * 1000)
        assert 0 < meter.power_w <= 3600 // seconds + 5 and meter.power_w < last
        last = meter.power_w
    house.meter.poll(ticks_add(house.now, 3700000))
    assert meter.power_w == 0 and meter.ok


def test_power_is_right_again_after_days_without_a_pulse():
    house = PulsedLoad()
    house.power = 7200
    house.run(20000)
    house.power = 0
    house.run(1000)
    for _ in range(9 * 24 * 2):
        house.now = ticks_add(house.now, 1800000)
        house.meter.poll(house.now)
    assert house.meter.power_w == 0
    house.power = 3600
    assert 3400 <= house.run(12000).power_w <= 3800


def test_impossible_rates_are_noise():
    house = PulsedLoad()
    house.power = 7200
    meter = house.run(20000)
    wh = meter.energy_wh
    house.counter.pulse(40)  # the contactor closes
    house.run(100)
    assert not meter.ok and meter.stale and meter.error == "pulses too fast"
    assert meter.energy_wh == wh and meter.power_w > 6000
    meter = house.run(10000)
    assert meter.ok and wh + 19 <= meter.energy_wh <= wh + 21


def test_a_quiet_hour_gives_no_credit_to_noise():
    house = PulsedLoad()
    meter = house.run(60000)
    house.counter.pulse(40)
    house.run(100)
    assert not meter.ok and meter.energy_wh == 0


def test_mains_hum_on_the_line_is_never_counted():
    house = PulsedLoad()
    house.run(1000)
    for _ in range(100):
        house.counter.pulse(5)
        house.run(100)
    assert not house.meter.ok and house.meter.energy_wh == 0 and house.meter.power_w == 0


def test_full_power_is_possible_whenever_the_polls_come():
    counter = Counter()
    meter = PulseMeter(counter, 1000, 11000)
    random.seed(4)
    now = begin = 0
    given = 0
    meter.poll(now)
    for _ in range(300):
        now += random.choice((40, 100, 300, 2500))
        due = (now - begin) * 10900 // 3600000
        counter.pulse(due - given)
        given = due
        meter.poll(now)
        assert meter.ok and meter.energy_wh == given


def test_poll_allocates_nothing():
    house = PulsedLoad()
    house.power = 7200
    house.run(20000)
    if sys.implementation.name != "micropython":
        return
    meter, now = house.meter, house.now
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(50):
        meter.poll(now)
    assert gc.mem_alloc() == before


class Pin:
    IRQ_FALLING = 2

    def irq(self, handler, trigger):
        assert trigger == self.IRQ_FALLING
        self.fall = handler


def test_edges_are_counted_once_however_the_contact_bounces():
    pin = Pin()
    counter = EdgeCounter(pin, dead_ms=30)
    moment = [1000]
    import hal.meter.edges as edges

    real = edges.ticks_ms
    edges.ticks_ms = lambda: moment[0]
    try:
        for pulse in range(10):
            for bounce in (0, 1, 3, 8):
                moment[0] = 1000 + 60 * pulse + bounce
                pin.fall(pin)
        assert counter.value() == 10
        counter._edges = 65535
        moment[0] += 100
        pin.fall(pin)
        assert counter.value() == 0
    finally:
        edges.ticks_ms = real


def test_no_meter():
    meter = NoMeter()
    meter.set_energy(4711)
    assert meter.poll(time.ticks_ms()) >= 1000
    assert (meter.ok, meter.stale, meter.error) == (True, False, None)
    assert (meter.energy_wh, meter.power_w, meter.currents, meter.voltages, meter.frequency) == (4711, 0, [], [], None)


def test_run_polls_as_often_as_the_meter_asks():
    import asyncio

    times = []

    class Impatient(NoMeter):
        def poll(self, now):
            times.append(now)
            return 5

    async def main():
        task = asyncio.create_task(Impatient().run())
        while len(times) < 10:
            await asyncio.sleep_ms(1)
        task.cancel()

    asyncio.run(main())
    assert ticks_diff(times[-1], times[0]) >= 9 * 4
