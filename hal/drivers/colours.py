"""The colours and rhythms of indicator.py, loaded when a status changes."""

# Each status with its colour, then its rhythm: - steady, F flashing, f flickering, w winking.
_SCHEME = (
    " Available=2- Preparing=1F Authorizing=1f Charging=1- SuspendedEV=1w SuspendedEVSE=1w Finishing=2F"
    " Reserved=6- Unavailable=4- Faulted=4f Offline=6w "
)
_UNKNOWN = "7-"


def choose(status):
    """(colour, ms of a period, ms of it that are lit) for `status`."""
    key = " %s=" % status
    at = _SCHEME.find(key)
    colour, rhythm = _UNKNOWN if at < 0 else _SCHEME[at + len(key) : at + len(key) + 2]  # type: ignore[str-unpack]
    period, lit = {"F": (1000, 500), "f": (400, 200), "w": (2000, 1900)}.get(rhythm, (1, 1))
    return int(colour), period, lit
