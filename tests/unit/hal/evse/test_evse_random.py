# without coverage: the walks are long
"""Whatever happens, in whatever order: the rules of evse_world.py hold after every tick.

Under CPython hypothesis makes the events, and the shortest ones when a rule is broken; MicroPython takes a seeded
random, shown with the failure.
"""

import random

from evse_world import Chance, World

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

SEED = 20261121


def play(events, seed):
    """Half of them begin with the power-on self-test, some of these with all that happens at the same time."""
    world = World(seed % 2 > 0, Chance(seed), seed % 4 > 1)
    if seed % 8 != 7:
        world.play([(21, 0, 20)])
    world.play(events)
    return world.closings


def by_hypothesis(examples):
    number = st.integers(0, 255)
    played = []

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(number, number, number), max_size=14), number)
    def search(events, seed):
        played.append(play(events, seed))

    search()
    return played


def by_random(examples):
    random.seed(SEED)
    played = []
    for number in range(examples):
        events = [(random.getrandbits(8), random.getrandbits(8), random.getrandbits(8))
                  for _ in range(random.getrandbits(4))]
        played.append(play(events, number))
    return played


def test_no_sequence_of_events_breaks_a_rule():
    played = by_hypothesis(1200) if given else by_random(1500)
    assert len(played) >= 1000
    # Else nothing would have been tried: contactors that stay open break no rule.
    assert sum(played) > len(played), sum(played)


def test_long_sequences_of_seeded_events():
    random.seed(SEED)
    for seed in range(40):
        world = World(seed % 2 > 0, Chance(seed), True)
        world.play([(random.getrandbits(8), random.getrandbits(8), random.getrandbits(8)) for _ in range(60)])
