"""The lever that brings a car and takes it away."""

from hal.sim.lever import check, require


def pull(connector, values):
    """{"state": "plugged" or "unplugged"}; ValueError says what else was given."""
    check(values, "state")
    state = values["state"]
    require(state in ("plugged", "unplugged"), 'state: "plugged" or "unplugged", not %r', state)
    connector.drive("B" if state == "plugged" else "A")
