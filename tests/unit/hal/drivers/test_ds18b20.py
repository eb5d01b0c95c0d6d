"""The DS18B20 driver against a sensor bit by bit of its data sheet."""

import gc
import random

from hal.drivers.ds18b20 import Ds18b20


def crc8(data):
    """Polynomial x^8 + x^5 + x^4 + 1, as a shift register of bits (application note 27)."""
    register = [0] * 8
    for byte in data:
        for place in range(8):
            feed = register[0] ^ (byte >> place & 1)
            register = register[1:] + [feed]
            register[3] ^= feed
            register[2] ^= feed
    return sum(bit << place for place, bit in enumerate(register))


class Sensor:
    """A DS18B20 behind onewire.OneWire; `now` is its time. `raw`: sixteenths of a degree it would measure."""

    def __init__(self, raw=25 * 16 + 1):
        self.raw = raw
        self.there = True
        self.line = None  # a value that the bus is stuck at
        self.damage = {}
        self.now = 0
        self.calls = []
        self.power_on()

    def power_on(self):
        self.measured = 85 * 16
        self.done_at = None
        self.selected = self.reading = False

    def reset(self):
        self.calls.append("reset")
        self.selected = self.reading = False
        return self.line == 0 or self.there and self.line is None

    def writebyte(self, value):
        self.calls.append("write")
        if not self.there or self.line is not None:
            return
        if not self.selected:
            assert value == 0xCC
            self.selected = True
        elif value == 0x44:
            self.done_at = self.now + 750
        elif value == 0xBE:
            self.reading = True
            self.out = self.scratchpad()

    def scratchpad(self):
        if self.done_at is not None and self.now >= self.done_at:
            self.measured = self.raw
            self.done_at = None
        pad = bytearray((self.measured & 255, self.measured >> 8 & 255, 0x4B, 0x46, 0x7F, 0xFF, 0x0C, 0x10))
        pad.append(crc8(pad))
        for place, flip in self.damage.items():
            pad[place] ^= flip
        return list(pad)

    def readbyte(self):
        self.calls.append("read")
        if self.line is not None:
            return 255 * self.line
        return self.out.pop(0) if self.there and self.reading and self.out else 255


class Bench:
    def __init__(self, raw=25 * 16 + 1):
        self.sensor = Sensor(raw)
        self.driver = Ds18b20(self.sensor)
        self.now = (1 << 29) - 500
        self.longest = 0

    def run(self, ms=1200):
        for _ in range(ms // 20):
            self.now = self.now + 20
            self.sensor.now += 20
            self.sensor.calls.clear()
            self.driver.poll(self.now)
            cost = sum({"reset": 1000, "write": 600, "read": 600}[call] for call in self.sensor.calls)
            self.longest = max(self.longest, cost)
        return self

    @property
    def celsius(self):
        return self.driver.celsius()


def test_the_model_has_the_crc_of_the_application_note():
    """27: a ROM code and its CRC."""
    assert crc8(bytes((0x02, 0x1C, 0xB8, 0x01, 0, 0, 0))) == 0xA2


def test_the_temperatures_of_the_data_sheet():
    """Table 1, rounded to degrees."""
    for raw, celsius in ((0x07D0, 125), (0x0191, 25), (0x00A2, 10), (0x0008, 1), (0x0000, 0), (0xFFF8, 0),
                         (0xFF5E, -10), (0xFE6F, -25), (0xFC90, -55), (0x0551, 85), (0x054F, 85)):
        bench = Bench(raw).run()
        assert bench.celsius == celsius and bench.driver.ok and type(bench.celsius) is int, raw


def test_it_follows_each_second():
    bench = Bench().run()
    for celsius in (30, 60, 80, 10, -5):
        bench.sensor.raw = celsius * 16
        assert bench.run(2300).celsius == celsius


def test_no_step_takes_long():
    assert 0 < Bench().run(5000).longest <= 2500


def test_nothing_is_known_before_the_first_measurement():
    bench = Bench()
    assert bench.celsius is None and not bench.driver.ok
    assert bench.run(700).celsius is None


def test_no_sensor():
    bench = Bench()
    bench.sensor.there = False
    assert bench.run(5000).celsius is None
    bench.sensor.there = True
    assert bench.run(2500).celsius == 25
    bench.sensor.there = False
    assert bench.run(5000).celsius is None and not bench.driver.ok
    bench.sensor.there = True
    bench.sensor.power_on()
    assert bench.run(2500).celsius == 25


def test_a_bus_that_is_shorted_or_stays_high():
    for line in (0, 1):
        bench = Bench().run()
        bench.sensor.line = line
        assert bench.run(6000).celsius is None, line
        bench.sensor.line = None
        assert bench.run(2500).celsius == 25


def test_each_damaged_bit_is_found():
    for place in range(9):
        for bit in range(8):
            bench = Bench().run()
            bench.sensor.raw = 50 * 16
            bench.sensor.damage = {place: 1 << bit}
            assert bench.run(1500).celsius == 25, "one failure is forgiven"
            assert bench.run(5000).celsius is None, (place, bit)
            bench.sensor.damage = {}
            assert bench.run(2500).celsius == 50


def test_one_of_three_that_is_right_is_enough():
    bench = Bench().run()
    for celsius in (26, 27, 28):
        bench.sensor.damage = {0: 1}
        bench.run(2000)
        assert bench.driver.ok
        bench.sensor.damage = {}
        bench.sensor.raw = celsius * 16
        assert bench.run(2500).celsius == celsius


def test_the_85_degrees_of_the_start_are_no_temperature():
    bench = Bench(85 * 16)
    assert bench.run(10000).celsius is None
    bench = Bench(30 * 16).run()
    bench.sensor.raw = 85 * 16
    assert bench.run(1500).celsius == 30
    assert bench.run(5000).celsius is None


def test_85_degrees_after_84_are_one():
    bench = Bench(84 * 16).run()
    bench.sensor.raw = 85 * 16
    assert bench.run(8000).celsius == 85
    bench.sensor.raw = 86 * 16
    assert bench.run(2500).celsius == 86


def test_noise_is_no_temperature():
    random.seed(5)
    bench = Bench()
    bench.sensor.readbyte = lambda: random.getrandbits(8)
    bench.run(60000)
    assert bench.celsius is None


def test_an_error_of_the_bus():
    bench = Bench().run()

    def broken():
        raise OSError(5)

    bench.sensor.reset = broken
    assert bench.run(6000).celsius is None


def test_a_poll_allocates_nothing():
    class Wire:
        def reset(self):
            return True

        def writebyte(self, value):
            pass

        def readbyte(self):
            return 0

    driver = Ds18b20(Wire())
    now = 0
    for _ in range(200):
        now += 20
        driver.poll(now)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(200):
        now += 20
        driver.poll(now)
    assert gc.mem_alloc() == before
