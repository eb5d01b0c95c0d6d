# micropython only: it has littlefs
"""A power cut while a full outbox is thinned out (E 3.14): what is kept arrives, once and in order."""

from helpers import replaced
from power_cuts import Cuts

import ocpp.outbox
from ocpp.outbox import Outbox

MOST = 17000  # bytes; four segments and a bit
SETTINGS = {"StopTxnSampledData": "", "MeterValueSampleInterval": "10"}


async def overflow(site):
    """Two transactions in an outage, until there is no room; recorded from just before that."""
    site.recording.pause()
    await site.start()
    await site.change(**SETTINGS)
    site.central.lose()
    await site.charge("A", 1)
    await site.charge("B", 2)
    outbox = site.engine.outbox
    while outbox.journal.bytes < MOST - 300:
        await site.wait(10)
    site.recording.begin()
    while not outbox.thinned:
        await site.wait(10)
    await site.card("A", 1)
    await site.run(2000)
    site.recording.pause()
    site.central.back()
    await site.settle()
    site.board.plug(2, False)
    await site.run(2000)


def test_power_cut_while_the_outbox_is_thinned_out():
    with replaced(ocpp.outbox, Outbox=lambda store, clock, keys: Outbox(store, clock, keys, MOST)):
        cuts = Cuts(overflow)
    cuts.all(every=17)
    assert cuts.tried > 15
