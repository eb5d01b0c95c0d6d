"""What the button does; loaded when it is pressed."""


def press(core, kind):
    """Short: end what runs, as its user (1.6 7.36). Very long: the owner says that the faults are seen to. Whether
    `kind`, as hal/button.py names it, did anything."""
    if kind == "long":
        return False
    for connector in core.connectors:
        if kind == "short":
            connector.session.stop(connector, "Local")
        else:
            connector.evse.reset_faults()
    return True
