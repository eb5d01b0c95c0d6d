"""The message that TriggerMessage may ask for (1.6 5.17)."""

from profiles.firmware import jobs, telling


async def triggered(profile):
    await telling.triggered(profile, jobs.UPDATE)
