"""The configuration keys of the LocalAuthListManagement profile (1.6 9.2)."""

MOST = 1000  # 45 kB of flash, twice while the list is changed
# With the longest texts they are 3.5 kB, which fit into one message.
MOST_AT_ONCE = 20


def declarations():
    return (
        ("LocalAuthListEnabled", "RW", "b", "true", None),
        ("LocalAuthListMaxLength", "R", "i", str(MOST), (MOST, MOST)),
        ("SendLocalListMaxLength", "R", "i", str(MOST_AT_ONCE), (MOST_AT_ONCE, MOST_AT_ONCE)),
    )
