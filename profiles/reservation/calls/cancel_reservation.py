"""CancelReservation (1.6 5.1)."""

from profiles.reservation import rules

SWITCHED_OFF = {"status": "Rejected"}


async def handle(profile, payload):
    """Accepted when there was such a reservation, else Rejected."""
    return {"status": "Accepted" if rules.end(profile, payload["reservationId"]) else "Rejected"}
