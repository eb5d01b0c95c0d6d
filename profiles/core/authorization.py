"""Who may charge (1.6 3.5, 4.1)."""

from ocpp import log
from ocpp.errors import Offline
from ocpp.rpc import CallError

from . import cache

ACCEPTED = "Accepted"


async def authorize(engine, id_tag, group=False):
    """(AuthorizationStatus, parentIdTag or None) of `id_tag`, from what is known here or from the central system; of
    which, when it depends on the `group`, is asked where no parentIdTag is known (1.6 5.13)."""
    found = known(engine, id_tag)
    if engine.online:
        if found and found[0] == ACCEPTED and engine.keys["LocalPreAuthorize"] and (found[1] or not group):
            return found
        try:
            info = (await engine.call("Authorize", {"idTag": id_tag}))["idTagInfo"]
        except CallError as error:
            log.warning("Authorize failed: %s", error)
            return "Invalid", None
        except Offline:
            log.warning("Authorize was not answered")
        else:
            learn(engine, id_tag, info)
            return info["status"], info.get("parentIdTag")
    return _offline(engine.keys, found)


def _offline(keys, found):
    """The decision that is made without the central system (1.6 3.5, 3.5.4)."""
    if found:
        return found if keys["LocalAuthorizeOffline"] or found[0] != ACCEPTED else ("Invalid", None)
    return (ACCEPTED if keys["AllowOfflineTxForUnknownId"] else "Invalid"), None


def known(engine, id_tag):
    """(status, parentIdTag) from the cache, or None."""
    return cache.lookup(engine, id_tag) if engine.keys["AuthorizationCacheEnabled"] else None


def learn(engine, id_tag, info):
    """The central system has said `info` of `id_tag`, in whatever answer (1.6 3.5.1)."""
    if engine.keys["AuthorizationCacheEnabled"]:
        cache.learn(engine, id_tag, info)
