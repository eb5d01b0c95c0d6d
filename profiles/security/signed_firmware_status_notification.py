"""The message that ExtendedTriggerMessage may ask for (white paper 5.19, L01.FR.21)."""

from profiles.firmware import status_sending, jobs
from profiles.security.calls import get_log


async def triggered(profile):
    owner = get_log.firmware(profile.core.engine)
    await status_sending.triggered(owner, jobs.UPDATE, "SignedFirmwareStatusNotification")
