"""The Smart Charging profile against an oracle (oracle.py): sets of charging profiles made at random, thousands of
them, under MicroPython and under CPython; what is in force at any moment and what GetCompositeSchedule tells agree.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interpreters import ScenarioRunner
from oracle import VOLTS, Site, decimal, seconds
from sites import DAY, HOUR, NOW, charge_points, moments, turning_points

EPOCH = seconds("2000-01-01T00:00:00Z")
UNTIL = NOW + 2 * DAY
EXAMPLES = {"micropython": 1000, "cpython": 200}


@pytest.fixture(params=sorted(EXAMPLES), scope="module")
def runner(request, tmp_path_factory):
    made = ScenarioRunner(request.param, tmp_path_factory.mktemp("store"))
    made.examples = EXAMPLES[request.param]
    yield made
    made.end()


def examples(count):
    quick = {"derandomize": True, "database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
    return settings(max_examples=count, **quick)


class Story:
    """Steps for the firmware, and what the oracle expects of each that gives something."""

    def __init__(self, connectors, running, asked):
        numbered = {index + 1: tuple(connector) for index, connector in enumerate(connectors)}
        self.site = Site(numbered, {})
        self.scenario = {"now": NOW - EPOCH, "connectors": connectors, "steps": []}
        self.checks = []
        for number, transaction in running.items():
            self.run(NOW, number, transaction)
        for request in asked:
            status = self.site.set(request["connectorId"], request["csChargingProfiles"], NOW)
            self.call(NOW, "set_charging_profile", request, {"status": status})

    def step(self, moment, *what):
        self.scenario["steps"].append([moment - EPOCH, *what])

    def run(self, moment, number, transaction):
        self.step(moment, "run", number, transaction and [transaction[0] - EPOCH, transaction[1]])
        self.site.end(number)
        if transaction:
            self.site.running[number] = tuple(transaction)

    def call(self, moment, action, payload, expected):
        self.step(moment, "call", action, payload)
        self.checks.append(("answer", expected))

    def look(self, moment):
        limits = self.site.limits(moment)
        self.step(moment, "look")
        tenths = [limit if limit is None else limit * 10 for _, limit in sorted(limits.items())]
        phases = self.site.phases(moment, {number: begun for number, (begun, _) in self.site.running.items()})
        totals = self.site.totals(moment)

        def agrees(found):
            what = "limits at %d" % (moment - NOW), found, tenths, phases, self.scenario
            assert found[0] == tenths, what
            drawn = {number: found[0][number - 1] or 0 for number in phases}
            for number in phases:
                assert found[1][number - 1] == phases[number], what
                drawn[number] = drawn[number] * VOLTS * phases[number] / 10
                assert number not in totals or drawn[number] <= totals[number], what
            assert 0 not in totals or sum(drawn.values()) <= totals[0], what

        self.checks.append(("limits", agrees))

    def judge(self, runner):
        found = runner.play(self.scenario)
        for (what, expected), value in zip(self.checks, found, strict=True):
            if callable(expected):
                expected(value)
            else:
                assert value == expected, (what, value, expected, self.scenario)


@st.composite
def journeys(draw):
    """What happens at a charge point over two days, looked at whenever something may change."""
    connectors, running, asked = draw(charge_points())
    story = Story(connectors, running, asked)
    seed = random.Random(draw(st.integers(0, 1 << 30)))
    times = set(turning_points(asked, running, UNTIL))
    times = set(seed.sample(sorted(times), min(len(times), 40)))
    times.update(seed.randrange(NOW, UNTIL) for _ in range(8))
    events = draw(st.lists(st.tuples(moments(1, DAY), st.integers(1, len(connectors)), st.booleans()), max_size=2))
    events = {moment: (number, begins) for moment, number, begins in events}
    for moment in sorted(times | set(events)):
        if moment in events:
            number, begins = events[moment]
            story.run(moment, number, [moment, 9] if begins else None)
        if seed.randrange(20) == 0 and moment > NOW + 2:
            story.step(moment, "restart")
        story.look(moment)
    return story


def test_limits(runner):
    @examples(runner.examples)
    @given(journeys())
    def run(story):
        story.judge(runner)

    run()


def expand(answer, request, now):
    """The schedule that was reported, as [(moment, (rate, numberPhases))]; its form is as it has to be."""
    assert answer["status"] == "Accepted" and answer["connectorId"] == request["connectorId"]
    assert seconds(answer["scheduleStart"]) == now
    schedule = answer["chargingSchedule"]
    assert schedule["chargingRateUnit"] == request.get("chargingRateUnit", "A")
    assert schedule["duration"] == request["duration"] and "startSchedule" not in schedule
    told = [
        (now + period["startPeriod"], (decimal(period["limit"]), period.get("numberPhases", 3)))
        for period in schedule["chargingSchedulePeriod"]
    ]
    assert told[0][0] == now and told[-1][0] < now + request["duration"]
    assert all(a[0] < b[0] and a[1] != b[1] for a, b in zip(told, told[1:], strict=False)), told
    return told


def test_composite_schedules(runner):
    @examples(runner.examples)
    @given(charge_points(), moments(0, DAY), st.sampled_from([60, HOUR, 6 * HOUR, DAY, 3 * DAY]), st.data())
    def run(point, now, duration, data):
        connectors, running, asked = point
        story = Story(connectors, running, asked)
        request = {"connectorId": data.draw(st.integers(0, len(connectors))), "duration": duration}
        unit = data.draw(st.sampled_from([None, "A", "W"]))
        if unit:
            request["chargingRateUnit"] = unit
        rate = story.site.composite(request["connectorId"], unit or "A", now)

        def agrees(answer):
            told = expand(answer, request, now)
            ends = [moment for moment, _ in told[1:]] + [now + duration]
            for (start, value), end in zip(told, ends, strict=True):
                for moment in {start, end - 1, (start + end) // 2}:
                    assert rate(moment) == value, (moment - now, rate(moment), told, story.scenario)
            for moment in turning_points(asked, running, now + duration)[:60]:
                if moment >= now:
                    value = [value for start, value in told if start <= moment][-1]
                    assert rate(moment) == value, (moment - now, rate(moment), told, story.scenario)

        story.call(now, "get_composite_schedule", request, agrees)
        story.judge(runner)

    run()
