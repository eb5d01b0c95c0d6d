"""Makes each TransferError, so that its class, which stays in memory, has no code; and texts of peers for it."""

from transfers import TransferError

_PERMANENT = ("bad url", "certificate", "redirect", "too large")


def failed(reason, text, again=None):
    """The TransferError to raise. `again`: None follows from `reason`."""
    error = TransferError("%s: %s" % (reason, text))
    error.reason = reason
    error.again = reason not in _PERMANENT if again is None else again
    return error


def text_of(line):
    """A short text of bytes that a peer has sent, all of it printable."""
    return "".join([chr(byte) if 32 <= byte < 127 else "?" for byte in line[:100]])
