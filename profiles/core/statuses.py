"""The ChargePointStatus values that more than one module uses (1.6 7.7), and the error of a connector without a
fault."""

AVAILABLE, PREPARING, FINISHING = "Available", "Preparing", "Finishing"
RESERVED, UNAVAILABLE, FAULTED = "Reserved", "Unavailable", "Faulted"
NO_ERROR = ("NoError", None, None)
