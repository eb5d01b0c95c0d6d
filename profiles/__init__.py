"""The feature profiles (1.6 3.3), one folder each, and the interface by which the engine and Core ask them.

profiles/<folder>/__init__.py has the resident object of a profile. calls/<action>.py beside it answers the CALL
<action> with `async def handle(profile, payload)`, or with its constant SWITCHED_OFF where the owner has switched the
profile off. <message>.py beside it with `async def triggered(profile)` sends what TriggerMessage may ask for.
"""


class Profile:
    """One feature profile: its `name` as in SupportedFeatureProfiles, which shows those that are `listed`; its `folder`
    here, and `keys`, the arguments of Keys.declare(). `core` is the object of the Core profile.

    `answers` are the questions that it answers now, of those below, as one text; the function of that name in the file
    `answering` of its folder, which is loaded for it, takes the profile and the arguments. Engine.ask() asks all
    profiles that are switched on, in their order, until one gives an answer that is not None.

    Who knows an idTag (3.5):
      id_tag_info(id_tag)              (AuthorizationStatus of now, parentIdTag or None) if the profile knows it
      id_tag_answered(id_tag, status)  the central system has said `status`; True if that is not to be cached
    Who admits a claim (5.13):
      keeps_from(connector, id_tag, parent=None, unknown=False)
                                       True if it keeps the connector from them; `unknown`: the parentIdTag is
      reservation(connector, id_tag, parent)
                                       the reservationId that a transaction of theirs would use
    Who needs a connector to be Unavailable for a while (4.9):
      unavailable(connector)           True if no session may begin there; one that runs goes on
    Who limits (3.13):
      checked_charging_profile(charging_profile)
                                       of a RemoteStartTransaction.req what charging_profile_begins() takes; False if it
                                       will not do
      charging_profile_begins(checked, number, transaction)
                                       keep it for connector `number`, where the transaction with the own number
                                       `transaction` is about to start; OSError if flash fails
    What has happened:
      transaction_started(record)      the StartTransaction of the transaction with this record is queued
      transactions_changed()           one has come, and no energy flows in it yet, or one has gone
      status_changed(connector)        its status or error is another one
      connectors_changed()             facts of some connector have changed
      made_inoperative()               the charge point as a whole (5.2)
      security_event(engine, kind, info)
                                       it is in the security log (ocpp/events.py); maybe before start()"""

    listed = True
    keys = ()  # type: tuple
    answers = ""
    answering = ""

    def __init__(self, core):
        self.core = core

    def start(self, engine):
        """Called once, when all keys are declared; Core has started before all others."""

    def accepted(self):
        """The central system has accepted the charge point (1.6 4.2)."""

    reconnected = accepted  # online again without a new boot
