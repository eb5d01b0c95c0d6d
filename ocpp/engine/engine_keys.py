"""The configuration keys that the engine itself obeys (1.6 9.1, OCPP-J 7, E 3.83); see ocpp/keys/key_values.py."""

LONGEST_S = 500000  # what asyncio can wait for at a time where ticks have 30 bits

_KEYS = (
    ("HeartbeatInterval", "RW", "i", "3600", (0, LONGEST_S)),
    ("MessageTimeout", "RW", "i", "30", (1, 3600)),
    ("SupportedFeatureProfiles", "R", "l", "", None),
    ("TransactionMessageAttempts", "RW", "i", "3", (0, 1000)),
    ("TransactionMessageRetryInterval", "RW", "i", "60", (0, 86400)),
    ("WebSocketPingInterval", "RW", "i", "25", (0, 86400)),
)


def declarations():
    return _KEYS
