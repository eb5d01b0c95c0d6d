"""What a press of the button does; loaded when it is pressed."""


def handle(core, kind):
    """Do what a press of this `kind`, as hal/drivers/button.py names it, is for; returns whether it did anything.

    Short: stop the transactions, as their user (1.6 7.36). Very long: reset the faults, for the owner has seen to them.
    """
    if kind == "long":
        return False
    for connector in core.connectors:
        if kind == "short":
            connector.session.stop(connector, "Local")
        else:
            connector.evse.faults.reset_wanted = True
    return True
