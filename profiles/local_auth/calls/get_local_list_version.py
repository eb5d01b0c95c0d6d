"""GetLocalListVersion (1.6 5.10)."""

from profiles.local_auth import entries

SWITCHED_OFF = {"listVersion": -1}  # "does not support Local Authorization Lists" (5.10)


async def handle(profile, payload):
    """0 for the empty list; -1, there is none, while it is switched off."""
    engine = profile.core.engine
    return {"listVersion": entries.foot(engine)[0]} if engine.keys["LocalAuthListEnabled"] else SWITCHED_OFF
