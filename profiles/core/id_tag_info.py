"""The AuthorizationStatus of a stored idTagInfo (1.6 7.27) at a given time, for the cache and the local authorization
list."""

from ocpp.clock.iso8601 import parse

VALID = ("Accepted", "ConcurrentTx")  # 1.6 3.5.2


def expiry(info):
    """The expiryDate of `info` in seconds since 2000; 0 is never."""
    if "expiryDate" not in info:
        return 0
    try:
        return parse(info["expiryDate"])
    except ValueError:
        # Out of the clock's range: over long ago, or never.
        return 1 if info["expiryDate"] < "2000" else 0


def status_now(engine, status, ends):
    """The AuthorizationStatus that `status` has become; `ends`: as expiry() gives it (1.6 3.5.1, 3.5.4)."""
    return "Expired" if ends and ends <= engine.clock.now() and status in VALID else status
