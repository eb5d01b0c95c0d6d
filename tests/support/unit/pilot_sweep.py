"""Every pilot voltage from -13 to +13 V in steps of 10 mV, and the state of IEC 61851-1 that each is."""

SWEEP = range(-13000, 13001, 10)
HALF_WAY = ((10500, "A"), (7500, "B"), (4500, "C"), (1500, "D"), (-1500, "E"))


def expected(millivolts, previous=None):
    """From the nominal levels: half way between them, 250 mV later for who leaves a state."""
    for bound, level in HALF_WAY:
        leaving = 0 if previous is None else -250 if previous <= level else 250
        if millivolts > bound + leaving:
            return level
    return "F"
