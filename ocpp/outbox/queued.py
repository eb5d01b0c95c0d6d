"""The kinds of messages in the outbox, and constants of its head."""

HEAD = ("nonce", "next", "era", "shift", "ids", "failures", "thinned", "gaps", "segment")
START, VALUES, STOP = "S", "M", "E"  # the kinds of messages; STOP is the last of its transaction
MANY = 50  # messages behind one that is refused, with which it holds up the others
NO_ID = -1  # the transactionId of a transaction that never got one (E 3.18)
