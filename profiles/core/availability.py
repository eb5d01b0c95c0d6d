"""Which connectors are inoperative, kept over restarts (1.6 4.9, 5.2)."""

_RECORD = "availability"  # the numbers that are inoperative, 0 for the charge point as a whole


def restore(core):
    """Make the connectors inoperative that were so before the restart."""
    inoperative = core.engine.store.load(_RECORD, [])
    core.operative = 0 not in inoperative
    for connector in core.connectors:
        connector.operative = connector.number not in inoperative


def save(core):
    """Save which connectors are inoperative."""
    inoperative = [connector.number for connector in core.connectors if not connector.operative]
    core.engine.store.save(_RECORD, inoperative if core.operative else [0] + inoperative)
