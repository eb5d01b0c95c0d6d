# micropython only: it has littlefs
"""A power cut at each block operation of two sessions side by side, online (architecture.md, Power cuts; E 3.78)."""

from power_cuts import Cuts
from power_cut_scenarios import sessions


def test_power_cut_in_sessions_online():
    cuts = Cuts(sessions)
    cuts.all()
    assert cuts.tried >= 300
