"""What the lights and the buzzer do, over time."""

import gc

from helpers import raises

from hal.drivers.buzzer import Buzzer
from hal.drivers.indicator import Leds, Pixels


class Pin:
    """An output; counts how often it is set."""

    def __init__(self):
        self.level = self.sets = 0

    def __call__(self, level):
        self.level = level
        self.sets += 1


class Strip:
    """neopixel.NeoPixel with eight pixels."""

    def __init__(self):
        self.pixels = self.shown = [None] * 8
        self.writes = 0

    def fill(self, colour):
        self.pixels = [colour] * 8

    def write(self):
        self.shown = self.pixels
        self.writes += 1


OFF, RED, GREEN, BLUE, YELLOW, WHITE = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 1, 1)

# Each status: its colour, and for how many ms of a period of how many it is lit.
SCHEME = {
    "Available": (GREEN, 1, 1), "Preparing": (BLUE, 500, 1000), "Authorizing": (BLUE, 200, 400),
    "Charging": (BLUE, 1, 1), "SuspendedEV": (BLUE, 1900, 2000), "SuspendedEVSE": (BLUE, 1900, 2000),
    "Finishing": (GREEN, 500, 1000), "Reserved": (YELLOW, 1, 1), "Unavailable": (RED, 1, 1),
    "Faulted": (RED, 200, 400), "Offline": (YELLOW, 1900, 2000), "what is this": (WHITE, 1, 1), "EV": (WHITE, 1, 1),
    "": (WHITE, 1, 1),
}


def leds():
    pins = Pin(), Pin(), Pin()
    return Leds(*pins), pins


def levels(pins):
    return tuple(pin.level for pin in pins)


def test_each_status_over_time():
    for status, (colour, lit, period) in SCHEME.items():
        indicator, pins = leds()
        for now in range(0, 6000, 20):
            indicator.show(status, now)
            assert levels(pins) == (colour if now % period < lit else OFF), (status, now)


def test_every_status_of_ocpp_has_its_light():
    """1.6 7.7; two of them may not look the same, but for the two ways to be suspended."""
    looks = set()
    for status in SCHEME:
        if status and " " not in status and status != "EV":
            looks.add(SCHEME[status])
    assert len(looks) == 10
    for status in ("Available", "Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing", "Reserved",
                   "Unavailable", "Faulted"):
        assert status in SCHEME


def test_a_new_status_shows_at_once():
    indicator, pins = leds()
    for status, colour in (("Available", GREEN), ("Charging", BLUE), ("Faulted", RED), ("Available", GREEN)):
        indicator.show(status, 4000)
        assert levels(pins) == colour


def test_pixels_show_the_same():
    for status, (colour, lit, period) in SCHEME.items():
        strip = Strip()
        indicator = Pixels(strip, 100)
        for now in range(0, 4000, 50):
            indicator.show(status, now)
            expected = tuple(100 * part for part in (colour if now % period < lit else OFF))
            assert strip.shown == [expected] * 8, (status, now)


def test_nothing_is_written_while_nothing_changes():
    strip = Strip()
    pixels = Pixels(strip)
    indicator, pins = leds()
    for now in range(0, 4000, 20):
        pixels.show("Charging", now)
        indicator.show("Charging", now)
    assert strip.writes == 1 and pins[2].sets == 1
    for now in range(4000, 8000, 20):
        pixels.show("Preparing", now)
    assert strip.writes == 8  # lit already


def test_a_light_that_is_not_there():
    green = Pin()
    indicator = Leds(None, green, None)
    indicator.show("Available", 0)
    assert green.level == 1
    indicator.show("Charging", 20)
    assert green.level == 0


def test_an_unchanged_light_allocates_nothing():
    for indicator in (leds()[0], Pixels(Strip())):
        for status in ("Charging", "Preparing"):
            indicator.show(status, 0)
            gc.collect()
            before = gc.mem_alloc()
            for now in range(0, 500, 20):
                indicator.show(status, now)
            assert gc.mem_alloc() == before


def sounds(play, ms=4000):
    """[(from, to)] of the tones, in ms, that `play(buzzer, now)` makes; it is called each 10 ms."""
    output = Pin()
    buzzer = Buzzer(output)
    tones, began = [], None
    start = (1 << 29) - 300
    for now in range(0, ms, 10):
        play(buzzer, now)
        buzzer.poll(start + now)
        if output.level and began is None:
            began = now
        elif not output.level and began is not None:
            tones.append((began, now))
            began = None
    return tones


def test_patterns():
    for name, tones in (("accepted", [(0, 100)]), ("refused", [(0, 100), (200, 300), (400, 500)]),
                        ("error", [(0, 600), (900, 1500)])):
        assert sounds(lambda buzzer, now: now == 0 and buzzer.play(name)) == tones  # noqa: B023


def test_silence_without_a_wish():
    assert sounds(lambda buzzer, now: None) == []


def test_a_new_pattern_replaces_the_old_one():
    def play(buzzer, now):
        if now in (0, 250):
            buzzer.play("error" if now == 0 else "accepted")

    assert sounds(play) == [(0, 350)]


def test_a_pattern_can_be_played_again():
    assert sounds(lambda buzzer, now: now % 1000 or buzzer.play("accepted"), 2000) == [(0, 100), (1000, 1100)]


def test_an_unknown_pattern():
    raises(KeyError, Buzzer(Pin()).play, "tune")


def test_a_silent_buzzer_allocates_nothing():
    buzzer = Buzzer(Pin())
    buzzer.poll(0)
    gc.collect()
    before = gc.mem_alloc()
    for now in range(0, 500, 20):
        buzzer.poll(now)
    assert gc.mem_alloc() == before
