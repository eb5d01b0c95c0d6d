# micropython only: it has littlefs
"""The power goes a second time while the charge point recovers from the first."""

from power_cuts import Cuts
from power_cut_scenarios import outage, sessions


def test_power_cut_in_the_recovery_of_sessions():
    cuts = Cuts(sessions)
    cuts.twice(6, 1)
    assert cuts.tried >= 100


def test_power_cut_in_the_recovery_of_an_outage():
    cuts = Cuts(outage)
    cuts.twice(6, 2)
    assert cuts.tried >= 100
