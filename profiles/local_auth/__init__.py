"""The LocalAuthListManagement profile (1.6 3.5.2, 5.10, 5.15): identifiers that the central system keeps here.

The list is one file on flash, see entries.py; Core asks for it before the cache.
"""

from profiles import Profile


class LocalAuth(Profile):
    name = "LocalAuthListManagement"
    folder = "local_auth"
    keys = ("profiles.local_auth.configuration",)

    def start(self, engine):
        from profiles.local_auth import update
        update.recover(engine)

    def id_tag_status(self, id_tag):
        engine = self.core.engine
        if not engine.keys["LocalAuthListEnabled"]:
            return None
        from profiles.local_auth import entries
        return entries.lookup(engine, id_tag)

    def id_tag_answered(self, id_tag, status):
        listed = self.id_tag_status(id_tag)
        if listed is None:
            return None
        from profiles.local_auth import conflict
        conflict.compare(self.core, id_tag, listed[0], status)
        return True
