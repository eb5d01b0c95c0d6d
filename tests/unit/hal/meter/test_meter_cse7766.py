import gc
import random
import sys
from time import ticks_add

from hal.meter.cse7766 import Cse7766

# Frames of a real chip: 207 V and 21 W; a load too small for its power; none at all.
LOADED = b"\x55\x5a\x02\xf7\x60\x00\x03\xab\x00\x40\x10\x02\x60\x5d\x51\xa6\x58\x03\xe9\xef\x71\x0b\x7a\x36"
SMALL = b"\x55\x5a\x02\xf7\x60\x00\x03\x5a\x00\x40\x10\x04\x8b\x9f\x51\xa6\x58\x18\x72\x75\x61\xac\xa1\x30"
EMPTY = b"\xf2\x5a\x02\xf7\x60\x00\x03\x61\x00\x40\x10\x05\x72\x40\x51\xa6\x58\x63\x10\x1b\xe1\x7f\x4d\x4e"

VOLTAGE, CURRENT, POWER = 194400, 16400, 5351000  # the coefficients of that chip


class Chip:
    """A chip that sends a frame every 55 ms: `watts` at 230 V counted in pulses of POWER uW * s."""

    def __init__(self, **kwargs):
        self.now = (1 << 30) - 2000
        self.data = bytearray()
        self.state = 0x55
        self.watts = 0
        self.pulses = 0
        self.energy = 0  # uW * s
        self.spoil = None
        self.meter = Cse7766(self, **kwargs)

    def any(self):
        return len(self.data)

    def readinto(self, buf):
        count = min(len(buf), len(self.data))
        buf[:count] = self.data[:count]
        self.data = self.data[count:]
        return count or None

    def frame(self):
        current = max(1, CURRENT * 230 // self.watts) if self.watts else 0xFFFFFF
        power = POWER // self.watts if self.watts else 0xFFFFFF
        body = b"".join(value.to_bytes(3, "big") for value in (VOLTAGE, VOLTAGE // 230, CURRENT, current, POWER, power))
        body += bytes((0x71,)) + (self.pulses & 65535).to_bytes(2, "big")
        return bytes((self.state, 0x5A)) + body + bytes((sum(body) & 255,))

    def run(self, ms):
        for _ in range(ms // 55):
            self.energy += self.watts * 55000
            self.pulses += self.energy // POWER
            self.energy %= POWER
            frame = self.frame()
            self.data += self.spoil(frame) if self.spoil else frame
            self.data = self.data[-256:]
            self.now = ticks_add(self.now, 55)
            assert 0 < self.meter.poll(self.now) <= 100
        return self.meter


def told(*frames):
    chip = Chip()
    for frame in frames:
        chip.data += frame
        chip.meter.poll(chip.now)
    meter = chip.meter
    return meter.ok, meter.voltages, meter.currents, meter.power_w, meter.energy_wh


def test_frames_of_a_real_chip():
    # 194400 / 939 V, 16400 / 155741 A, 5351000 / 256495 W.
    assert told(LOADED) == (True, [2070], [1], 21, 0)
    assert told(SMALL) == (True, [2266], [0], 0, 0)
    assert told(EMPTY) == (True, [2247], [0], 0, 0)
    assert told(EMPTY[:23] + b"\x4f")[0] is False
    # The last power stays in the frame when its cycle does not end.
    assert told(b"\xf2" + LOADED[1:]) == (True, [2070], [0], 0, 0)


def test_load_at_several_powers():
    for watts in (460, 3680, 7360):
        chip = Chip()
        chip.watts = watts
        meter = chip.run(1100)
        assert meter.ok and abs(meter.power_w - watts) <= watts // 100
        assert abs(meter.currents[0] - watts // 23) <= watts // 2300 + 1
        assert meter.voltages == [2301] and meter.frequency is None
        chip.watts = 0
        meter = chip.run(110)
        assert (meter.power_w, meter.currents) == (0, [0])


def test_energy_is_counted_in_pulses_over_their_wrap():
    chip = Chip()
    chip.meter.set_energy(1000)
    chip.pulses = 65000
    chip.run(55)
    chip.watts = 9900
    # 50.05 s of 9900 W are 137.6 Wh; the counter turns over after 0.3 s and again 35 s later.
    assert chip.run(50050).energy_wh == 1137
    # Up to the last pulse of the next Wh none was lost.
    chip.watts = 0
    chip.pulses = 65000 + 138 * 3600000000 // POWER
    assert chip.run(55).energy_wh == 1137
    chip.pulses += 1
    assert chip.run(55).energy_wh == 1138


def test_another_shunt():
    chip = Chip(shunt_uohm=500, max_w=20000)
    chip.watts = 3680
    meter = chip.run(36000)
    assert 7200 <= meter.power_w <= 7500 and 318 <= meter.currents[0] <= 324
    assert meter.energy_wh == 7360 * 35970 // 3600000


def test_restart_of_the_chip_bills_nothing():
    chip = Chip()
    chip.watts = 3680
    wh = chip.run(20000).energy_wh
    assert wh > 10
    chip.pulses = 0
    assert chip.run(55).energy_wh in (wh, wh + 1)
    later = chip.run(36000).energy_wh
    assert wh + 36 <= later <= wh + 38


def test_silence_keeps_the_values_as_stale_until_it_speaks():
    chip = Chip()
    chip.watts = 3680
    meter = chip.run(5500)
    kept = meter.power_w, list(meter.currents), meter.energy_wh
    chip.spoil = lambda frame: b""
    assert chip.run(880).ok
    meter = chip.run(10000)
    assert (meter.ok, meter.stale, meter.error) == (False, True, "no answer")
    assert (meter.power_w, list(meter.currents), meter.energy_wh) == kept
    chip.spoil = None
    # What flowed meanwhile is in the pulses.
    meter = chip.run(110)
    assert meter.ok and meter.energy_wh in (16, 17)


def test_chip_that_says_it_is_broken():
    for state in (0xAA, 0xF1, 0xF4, 0xF8, 0xFF):
        chip = Chip()
        chip.watts = 3680
        wh = chip.run(5500).energy_wh
        chip.state = state
        chip.watts = 100
        meter = chip.run(5500)
        assert not meter.ok and meter.error == "chip state %02X" % state
        assert abs(meter.power_w - 3680) < 37 and meter.energy_wh == wh
        chip.state = 0x55
        assert chip.run(550).ok


def test_noise_and_cut_frames_cost_only_themselves():
    random.seed(5)
    for spoil in (
        lambda frame: frame[:-1] if random.getrandbits(2) == 0 else frame,
        lambda frame: frame[1:] if random.getrandbits(2) == 0 else frame,
        lambda frame: b"\x55" + frame,
        lambda frame: b"\x55\x5a\x5a\xf2" + frame,
        lambda frame: frame[:5] + bytes((frame[5] ^ 0x40,)) + frame[6:] if random.getrandbits(2) == 0 else frame,
    ):
        chip = Chip()
        chip.watts = 3680
        chip.spoil = spoil
        meter = chip.run(11000)
        assert meter.ok and abs(meter.power_w - 3680) < 37 and meter.voltages == [2301]
        assert meter.energy_wh in (10, 11)


def test_only_noise_is_no_answer():
    chip = Chip()
    chip.run(550)
    chip.spoil = lambda frame: bytes(random.getrandbits(8) for _ in range(24))
    meter = chip.run(3300)
    assert not meter.ok and meter.voltages == [2301]


def test_a_cycle_of_0_is_no_division():
    body = bytes(18) + b"\x71\x00\x00"
    assert told(b"\x55\x5a" + body + bytes((sum(body) & 255,))) == (True, [0], [0], 0, 0)


def test_poll_without_data_allocates_nothing():
    chip = Chip()
    meter = chip.run(550)
    if sys.implementation.name != "micropython":
        return
    now = chip.now
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(50):
        meter.poll(now)
    assert gc.mem_alloc() == before
