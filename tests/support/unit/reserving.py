"""What the tests of reservations share."""

from central_system import TIME, stamp
from charging import play

from profiles.core.card_presented import present
from profiles.reservation import Reservation

HOUR = 3600


def play_reserving(story, **options):
    """As charging.play(), with the profile Reservation."""
    play(story, profiles=(Reservation,), **options)


async def reserve(site, number=1, id_tag="A", identity=1, seconds=HOUR, parent=None):
    """The status of ReserveNow.conf for a reservation that ends in `seconds`; what follows has been reported."""
    more = {} if parent is None else {"parentIdTag": parent}
    more["expiryDate"] = stamp(TIME.ms // 1000 + seconds)
    answer = await site.central.ask("ReserveNow", connectorId=number, idTag=id_tag, reservationId=identity, **more)
    await site.settle()
    return answer["status"] if isinstance(answer, dict) else answer


async def reserve_each(site, numbers):
    """The statuses for the same reservation at one connector after the other."""
    statuses = []
    for number in numbers:
        statuses.append(await reserve(site, number))
    return statuses


async def cancel(site, identity=1):
    answer = await site.central.ask("CancelReservation", reservationId=identity)
    await site.settle()
    return answer["status"]


async def remote(site, id_tag, number=None):
    more = {} if number is None else {"connectorId": number}
    answer = await site.central.ask("RemoteStartTransaction", idTag=id_tag, **more)
    await site.settle()
    return answer["status"]


async def refused(site, id_tag, number=None):
    """Why nothing comes of the card, or None."""
    try:
        await present(site.core, id_tag, number)
    except ValueError as error:
        return str(error)
    return None


async def plug(site, number=1, plugged=True):
    """A car comes, or goes."""
    if plugged:
        site.board.ev(number, "C")
    else:
        site.board.plug(number, False)
    await site.run(4000)


async def leave(site, id_tag, number=1):
    """The session at the connector ends, and its car goes."""
    await site.card(id_tag, number)
    await site.run(2000)
    await plug(site, number, False)


def starts(site):
    """[(connectorId, idTag, reservationId or None)] of all StartTransaction.req."""
    return [(start["connectorId"], start["idTag"], start.get("reservationId"))
            for start in site.central.of("StartTransaction")]


def groups(site, **parents):
    """From now on the central system accepts each idTag, and knows these parentIdTags."""

    def answer(payload):
        info = {"status": "Accepted"}
        if payload["idTag"] in parents:
            info["parentIdTag"] = parents[payload["idTag"]]
        return {"idTagInfo": info}

    site.central.answers["Authorize"] = answer
