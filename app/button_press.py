"""Acts on a press of the button; loaded when it is pressed."""


def handle(core, kind):
    """Act on a press of this `kind` (hal/drivers/button.py); returns whether there was anything to do.

    Short: stop the transactions, as their user (1.6 7.36). Very long: reset the faults, whose causes the owner has
    removed.
    """
    if kind == "long":
        return False
    for connector in core.connectors:
        if kind == "short":
            connector.session.stop(connector, "Local")
        else:
            connector.evse.faults.reset_wanted = True
    return True
