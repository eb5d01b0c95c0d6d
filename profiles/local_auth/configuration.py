"""The configuration keys of the LocalAuthListManagement profile (1.6 9.2)."""

MAX_ENTRIES = 1000  # 45 kB of flash, twice while the list is changed
# With the longest texts they are 3.5 kB, which fit into one message.
MAX_AT_ONCE = 20


def declarations():
    return (
        ("LocalAuthListEnabled", "RW", "b", "true", None),
        ("LocalAuthListMaxLength", "R", "i", str(MAX_ENTRIES), (MAX_ENTRIES, MAX_ENTRIES)),
        ("SendLocalListMaxLength", "R", "i", str(MAX_AT_ONCE), (MAX_AT_ONCE, MAX_AT_ONCE)),
    )
