"""The message that TriggerMessage may ask for (1.6 5.17)."""

from profiles.firmware import publish, schedule


async def triggered(profile):
    await publish.triggered(profile, schedule.UPLOAD)
