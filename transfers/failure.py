"""Makes each TransferError, so that its class, which stays in memory, has no code."""

from transfers import TransferError

_PERMANENT = ("bad url", "certificate", "redirect", "too large")


def failed(reason, text, again=None):
    """The TransferError to raise. `again`: None follows from `reason`."""
    error = TransferError("%s: %s" % (reason, text))
    error.reason = reason
    error.again = reason not in _PERMANENT if again is None else again
    return error
