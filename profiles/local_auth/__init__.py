"""The LocalAuthListManagement profile (1.6 3.5.2, 5.10, 5.15): identifiers that the central system keeps here.

The list is one file on flash, see entries.py; profiles/core/authorization.py asks it before the cache.
"""

from profiles import Profile


class LocalAuth(Profile):
    name = "LocalAuthListManagement"
    folder = "local_auth"
    keys = ("profiles.local_auth.configuration",)

    def start(self, engine):
        from profiles.local_auth import update
        update.recover(engine)
