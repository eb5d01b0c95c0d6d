"""The LocalAuthListManagement profile (1.6 3.5.2, 5.10, 5.15): identifiers that the central system keeps here.

The list is one file on flash, see entries.py; Core asks for it before the cache.
"""

from profiles import Profile


class LocalAuth(Profile):
    name = "LocalAuthListManagement"
    folder = "local_auth"
    keys = ("profiles.local_auth.configuration",)
    answers = "id_tag_info id_tag_answered"
    answering = "listed"

    def start(self, engine):
        from profiles.local_auth import update

        update.recover(engine)
