# micropython only: it has littlefs
"""A power cut within each block operation of an outage, as test_power_offline.py has them before it."""

from power_cuts import Cuts
from power_cut_scenarios import outage


def test_power_cut_in_a_write_of_an_outage():
    cuts = Cuts(outage)
    cuts.all(every=2, first=1)
    assert cuts.tried >= 150
