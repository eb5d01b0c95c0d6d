"""The message that TriggerMessage may ask for (1.6 5.17)."""

from profiles.firmware import status_sending, jobs


async def triggered(profile):
    await status_sending.triggered(profile, jobs.UPDATE)
