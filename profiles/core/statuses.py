"""The ChargePointStatus values that more than one module tells (1.6 7.7), and the error of a sound connector."""

AVAILABLE, PREPARING, FINISHING = "Available", "Preparing", "Finishing"
RESERVED, UNAVAILABLE, FAULTED = "Reserved", "Unavailable", "Faulted"
NO_ERROR = ("NoError", None, None)
