"""The message that ExtendedTriggerMessage may ask for (white paper 5.13, N01.FR.12)."""

from profiles.firmware import status_sending, jobs
from profiles.security.calls import get_log


async def triggered(profile):
    await status_sending.triggered(get_log.firmware(profile.core.engine), jobs.LOG)
