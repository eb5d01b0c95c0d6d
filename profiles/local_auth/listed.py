"""The status of an identifier on the list, and conflicts with the central system's (1.6 3.5.2)."""

from ocpp import log
from profiles.core.id_tag_info import VALID
from profiles.local_auth import entries


def id_tag_info(profile, id_tag):
    """(status, parentIdTag or None) of now, if the list is switched on and has it."""
    engine = profile.core.engine
    return entries.lookup(engine, id_tag) if engine.keys["LocalAuthListEnabled"] else None


def id_tag_answered(profile, id_tag, status):
    """Report LocalListConflict if `status` is another one than that on the list. The two that mean a valid identifier
    are one. True if the list has it: what is on the list is not in the cache (3.5.3)."""
    listed = id_tag_info(profile, id_tag)
    if listed is None:
        return None
    if status != listed[0] and not (status in VALID and listed[0] in VALID):
        log.warning("%s is %s, but %s on the local authorization list", id_tag, status, listed[0])
        profile.core.status.zero(("LocalListConflict", "%s is %s, not %s" % (id_tag, status, listed[0]), None))
    return True
