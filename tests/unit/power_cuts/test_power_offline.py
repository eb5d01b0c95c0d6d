# micropython only: it has littlefs
"""A power cut before each block operation of an outage, with a restart in it, and of what is delivered after it."""

from power_cuts import Cuts
from power_cut_scenarios import outage


def test_power_cut_in_an_outage():
    cuts = Cuts(outage)
    assert [cuts.whole[n][1]["idTag"] for n in cuts.whole if cuts.whole[n][0] == "StartTransaction"] == ["A", "B", "C"]
    assert len(cuts.recording.central.refused) == 2
    cuts.all(every=2)
    assert cuts.tried >= 150
