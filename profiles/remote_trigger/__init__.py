"""The RemoteTrigger profile (1.6 5.17): messages that the central system asks for; it has no keys."""

from profiles import Profile


class RemoteTrigger(Profile):
    """`pending`: (requestedMessage, connectorId) that were accepted, the first of them is being sent."""

    name = "RemoteTrigger"
    folder = "remote_trigger"

    def __init__(self, core):
        super().__init__(core)
        self.pending = []
