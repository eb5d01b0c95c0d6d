"""What the tests of TriggerMessage share."""

from profiles.remote_trigger import RemoteTrigger

TRIGGER = (RemoteTrigger,)


async def trigger(site, message, number=None):
    """The status of the answer; what follows has been sent."""
    status = await ask(site, message, number)
    await site.settle()
    return status


async def ask(site, message, number=None):
    more = {} if number is None else {"connectorId": number}
    return (await site.central.ask("TriggerMessage", requestedMessage=message, **more))["status"]


def since(site, count, action):
    """The payloads of `action` among what came after the first `count` messages; nothing else may be there."""
    got = site.central.got[count:]
    assert all([name == action for name, _ in got]), got
    return [payload for _, payload in got]


async def triggered(site, message, number=None):
    """The payloads of the messages that an accepted trigger brings, and nothing else."""
    count = len(site.central.got)
    assert await trigger(site, message, number) == "Accepted", (message, number)
    return since(site, count, message)


def pending(site):
    answer = {"status": "Pending", "currentTime": "2026-03-01T00:00:00Z", "interval": 500}
    site.central.answers["BootNotification"] = answer
