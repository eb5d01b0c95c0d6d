"""The calibration at the serial console: what it prints of a board whose parts are not the nominal ones."""

import json

from helpers import raises, replaced
from pilot_electronics import LEVELS, PilotLine, proximity_uv

from hal.drivers import sampled_pilot
from hal import calibrate
from hal.evse.pilot import BOUNDS


class Line(PilotLine):
    """A front end with an error: `offset` mV at the pin, and `percent` of the nominal gain."""

    offset, percent = 0, 100

    def seen(self, millivolts):
        return super().seen(millivolts * self.percent // 100) + self.offset * 1000


class Wires:
    def __init__(self, line, ohms=None, sampled=False):
        self.line, self.ohms, self.sampled = line, ohms, sampled
        self.made = 0

    def pwm(self, name):
        assert name == "pilot"
        self.made += 1
        return self.line

    def analog(self, name):
        if name == "proximity":
            return self
        if name == "pilot_high":
            return self.line.adc() if self.sampled else self.line.detector(True)
        return None if self.sampled else self.line.detector(False)

    def read_uv(self):
        return proximity_uv(self.ohms)


def session(wires, *calls, **options):
    """The lines printed by show() of each state in `calls`, and the proposal of the last as a dict."""
    calibrate._kept.clear()
    printed = []
    with replaced(calibrate, sleep_ms=lambda ms: None, print=printed.append), \
            replaced(sampled_pilot, sleep_us=wires.line.wait):
        for state in calls:
            wires.line.high = LEVELS[state]
            calibrate.show(state, wires=wires, **options)
    key, _, proposal = printed[-1].partition(": ")
    assert key == '"pilot"'
    return printed, json.loads(proposal)


def test_a_nominal_board_is_left_as_it_is():
    printed, proposal = session(Wires(PilotLine()), "A")
    assert proposal["reading"] == "peak" and abs(proposal["zero_mv"] - 1311) <= 1
    assert abs(proposal["gain_permille"] - 11712) <= 12 and proposal["bounds_mv"] == list(BOUNDS)
    assert printed[0].startswith("generator at 12000 mV: pin 233") and "state A" in printed[1]
    assert "no cable" in printed[3]


def test_another_zero_and_another_gain_are_found():
    for offset, percent in ((60, 100), (-40, 105), (25, 95)):
        line = Line()
        line.offset, line.percent = offset, percent
        _, proposal = session(Wires(line), "A")
        assert abs(proposal["zero_mv"] - 1311 - offset) <= 2, proposal
        assert abs(proposal["gain_permille"] * percent // 100 - 11712) <= 15, proposal


def test_the_voltmeter_counts():
    line = PilotLine()
    _, proposal = session(Wires(line), "A", plus_mv=11500, minus_mv=-11800)
    scale = proposal["gain_permille"] * 24000 // 23300
    assert abs(scale - 11712) <= 12 and proposal["bounds_mv"][5] == -9800


def test_thresholds_half_way_between_what_was_measured():
    wires = Wires(PilotLine())
    printed, proposal = session(wires, "A", "B", "C", "D")
    assert wires.made == 1 and wires.line.duty == 10000
    for measured, nominal in zip(proposal["bounds_mv"], BOUNDS):
        assert abs(measured - nominal) <= 20
    printed, proposal = session(wires, "B")
    assert proposal["bounds_mv"] == list(BOUNDS)
    printed, proposal = session(Wires(LowLevels()), "A", "B", "C")
    assert abs(proposal["bounds_mv"][0] - 10100) <= 20 and abs(proposal["bounds_mv"][1] - 6850) <= 20
    assert proposal["bounds_mv"][2] == BOUNDS[2]


class LowLevels(PilotLine):
    """A line on which each car shows 0.8 V and more less."""

    def levels(self):
        high, low = super().levels()
        return {9000: 8200, 6000: 5500}.get(high, high), low


def test_sampled_reading():
    printed, proposal = session(Wires(PilotLine(), sampled=True), "A", "C")
    assert proposal["reading"] == "sampled" and abs(proposal["gain_permille"] - 11712) <= 30
    assert "state C" in printed[-4] and "read in" in printed[-3] and "None" not in printed[-3]


def test_a_front_end_that_is_wrong_is_reported_and_not_calibrated_away():
    for offset, percent in ((400, 100), (-200, 100), (0, 30)):
        line = Line()
        line.offset, line.percent = offset, percent
        printed, proposal = session(Wires(line), "A")
        assert "no proposal" in printed[1]
        assert (proposal["zero_mv"], proposal["gain_permille"]) == (1311, 11712)


def test_proximity_is_shown():
    for ohms, words in ((None, "no cable"), (10, "refused"), (220, "a cable of 32 A"), (1500, "a cable of 13 A")):
        printed, _ = session(Wires(PilotLine(), ohms), "A")
        assert words in printed[-2], ohms


def test_a_state_that_is_none():
    wires = Wires(PilotLine())
    for state in ("E", "F", "", "AB", None):
        assert "A (none), B, C or D" in raises(ValueError, calibrate.show, state, 12000, -12000, wires).args[0]
