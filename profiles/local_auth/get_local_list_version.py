"""GetLocalListVersion (1.6 5.10)."""

from . import entries


async def handle(profile, payload):
    """0 for the empty list; -1, there is none, while it is switched off."""
    engine = profile.core.engine
    return {"listVersion": entries.foot(engine)[0] if engine.keys["LocalAuthListEnabled"] else -1}
