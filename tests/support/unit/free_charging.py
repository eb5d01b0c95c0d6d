"""A site whose connectors charge on the owner's idTag without a card."""

from reserving import plug
import charging

from profiles.reservation import Reservation

FREE = {"free_id_tag": "FREE"}


def play(story, board=FREE, **options):
    charging.play(story, board=board, profiles=(Reservation,), **options)


def stops(site):
    return [stop["reason"] for stop in site.central.of("StopTransaction")]


async def unplug(site):
    """The car goes, and its cable."""
    await plug(site, 1, False)
    await site.wait(1)


async def remote_stop(site, number=1):
    connector = site.core.connectors[number - 1]
    answer = await site.central.ask("RemoteStopTransaction", transactionId=site.core.id_of(connector.transaction))
    await site.run(2000)
    return answer["status"]
