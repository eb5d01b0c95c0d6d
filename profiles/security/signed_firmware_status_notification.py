"""The message that ExtendedTriggerMessage may ask for (white paper 5.19, L01.FR.21)."""

from profiles.firmware import publish, schedule
from profiles.security.calls import get_log


async def triggered(profile):
    owner = get_log.firmware(profile.core.engine)
    await publish.triggered(owner, schedule.UPDATE, "SignedFirmwareStatusNotification")
