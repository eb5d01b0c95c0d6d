"""The feature profiles (1.6 3.3), one folder each, and the interface by which the engine and Core ask them.

profiles/<folder>/__init__.py has the resident object of a profile. calls/<action>.py beside it answers the CALL
<action> with `async def handle(profile, payload)`, or with its constant SWITCHED_OFF where the owner has switched the profile
off. <message>.py beside it with `async def triggered(profile)` sends what TriggerMessage may ask for.
"""


class Profile:
    """One feature profile: its `name` as in SupportedFeatureProfiles, its `folder` here, and `keys`, the arguments of
    Keys.declare(). `core` is the object of the Core profile.

    Below is all that a profile may be asked, each with its arguments. Engine.ask() asks the profiles that are switched
    on in their order, Core first, until one gives an answer that is not None."""

    keys = ()

    def __init__(self, core):
        self.core = core

    def nothing(self, *args):
        """The answer None to any question."""

    # The engine's course
    start = nothing  # (engine): once, when all keys are declared; Core has started before all others
    accepted = nothing  # (): the central system has accepted the charge point (1.6 4.2)
    reconnected = nothing  # (): online again without a new boot

    # Who knows an idTag (3.5)
    id_tag_status = nothing  # (id_tag): (AuthorizationStatus of now, parentIdTag or None) if the profile knows it
    id_tag_answered = nothing  # (id_tag, status): the central system has said `status`; True if it is not to be cached

    # Who admits a claim (5.13); `who` is idTag, parentIdTag or None, and whether that is unknown
    keeps_from = nothing  # (connector, *who): True if it keeps the connector for others
    reservation_of = nothing  # (connector, id_tag, parent): the reservationId that a transaction of theirs would use

    # Who limits (3.13)
    # (chargingProfile of a RemoteStartTransaction.req): what charging_profile_begins() takes; False if it will not do
    checked_charging_profile = nothing
    # (checked, connectorId, number of the transaction that is about to start): keep it; OSError if flash fails
    charging_profile_begins = nothing

    # What has happened
    transaction_started = nothing  # (record of the transaction): its StartTransaction is queued
    transactions_changed = nothing  # (): one has come or gone, no energy flows in a new one yet
    status_changed = nothing  # (connector): its status or error is another one
    connectors_changed = nothing  # (): facts of some connector have changed
    made_inoperative = nothing  # (): the charge point as a whole (5.2)
