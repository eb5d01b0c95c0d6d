"""No message that bills is lost, doubled, out of order, or of the wrong transaction, whatever fails (1.6 3.7, 3.7.1, E
3.18, 3.78; OCPP-J 4.1.4). `make soak` is the long version of it."""

from outage import Outage
from parallel_runs import live, summary


def test_nothing_that_bills_is_lost_or_doubled(make_csms, make_firmware):
    """Kills, network cuts, answers that are late, errors, or never come, all at once; seed 4 gives messages up."""
    lives = live(make_csms, make_firmware, seeds=(4, 5, 6), sessions=4, jobs=3)
    assert sum(len(life.ledger.sessions) for life in lives) >= 12
    print(summary(lives))


def test_sessions_in_an_outage_are_sent_afterwards(csms, firmware):
    """3.7: each StartTransaction, MeterValues and StopTransaction, in order, as of the time when it happened."""
    outage = Outage(csms, firmware, connectors=2)
    outage.start()
    outage.cut()
    outage.sessions(4, seconds=1.2)
    _, queued = outage.restore()
    assert queued >= 3 * 4
    outage.judge()
