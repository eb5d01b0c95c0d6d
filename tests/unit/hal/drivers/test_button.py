"""Presses of a button with contacts that bounce."""

import gc

from hal.drivers.button import Button


class Bench:
    """A button to ground; polled every 20 ms on ticks of a board that are about to start again at 0."""

    def __init__(self, level=1, pressed=0):
        self.level = level
        self.now = (1 << 29) - 200
        self.button = Button(lambda: self.level, pressed)
        self.told = []

    def hold(self, level, ms):
        self.level = level
        for _ in range(ms // 20):
            self.now += 20
            told = self.button.poll(self.now)
            if told:
                self.told.append(told)
        return self

    def press(self, ms):
        self.told = []
        return self.hold(0, ms).hold(1, 200).told


def test_kinds_of_presses():
    for ms, kind in ((60, "short"), (200, "short"), (2960, "short"), (3000, "long"), (9960, "long"),
                     (10000, "very long"), (29000, "very long")):
        bench = Bench().hold(1, 200)
        assert bench.press(ms) == [kind], ms
        assert bench.press(100) == ["short"]


def test_a_press_counts_when_it_ends():
    bench = Bench().hold(1, 200).hold(0, 12000)
    assert bench.told == []
    assert bench.hold(1, 20).told == [] and bench.hold(1, 60).told == ["very long"]


def test_bouncing_contacts():
    bench = Bench().hold(1, 200)
    for ms in (20, 20, 20, 400, 20, 20):
        bench.hold(0, ms).hold(1, 20)
    assert bench.hold(1, 200).told == ["short"]


def test_interference_is_no_press():
    bench = Bench().hold(1, 200)
    for _ in range(50):
        bench.hold(0, 40).hold(1, 40)
    assert bench.hold(1, 200).told == []


def test_a_gap_in_a_press_is_no_second_press():
    bench = Bench().hold(1, 200).hold(0, 2000).hold(1, 20).hold(0, 2000).hold(1, 200)
    assert bench.told == ["long"]


def test_a_button_that_sticks_never_counts():
    bench = Bench().hold(1, 200)
    assert bench.press(31000) == [] and bench.press(100) == ["short"]
    bench.now += 1000
    assert bench.press(3600000) == []


def test_a_button_that_is_pressed_from_the_start_never_counts():
    for ms in (40, 500, 5000, 15000):
        bench = Bench(level=0)
        assert bench.press(ms) == [], ms
        assert bench.press(5000) == ["long"]


def test_the_other_polarity():
    bench = Bench(level=0, pressed=1).hold(0, 200).hold(1, 300).hold(0, 200)
    assert bench.told == ["short"]


def test_a_poll_allocates_nothing():
    bench = Bench().hold(1, 200)
    button = bench.button
    gc.collect()
    before = gc.mem_alloc()
    for now in range(0, 500, 20):
        button.poll(now)
    assert gc.mem_alloc() == before
