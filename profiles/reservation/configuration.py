"""The configuration keys of the Reservation profile (1.6 9.3)."""


def declarations():
    return (("ReserveConnectorZeroSupported", "R", "b", "true", None),)
