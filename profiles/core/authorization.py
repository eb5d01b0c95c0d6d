"""Who may charge (1.6 3.5, 4.1)."""

from ocpp import log
from ocpp.errors import Offline
from ocpp.on_demand import load
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
    """(status, parentIdTag) from the local authorization list, which goes first, or the cache (1.6 3.5.3); or None."""
    found = _listed(engine, id_tag)
    if found is None and engine.keys["AuthorizationCacheEnabled"]:
        found = cache.lookup(engine, id_tag)
    return found


def _listed(engine, id_tag):
    """The same from the list, when its profile is there (it declares the key) and it is switched on."""
    if engine.keys.values.get("LocalAuthListEnabled"):
        return load("profiles.local_auth.entries").lookup(engine, id_tag)
    return None


def learn(engine, id_tag, info):
    """The central system has said `info` of `id_tag`, in whatever answer (1.6 3.5.1); the list it alone changes, and
    what is on the list is not in the cache (3.5.2, 3.5.3)."""
    listed = _listed(engine, id_tag)
    if listed:
        load("profiles.local_auth.conflict").judge(engine, id_tag, listed[0], info["status"])
    elif engine.keys["AuthorizationCacheEnabled"]:
        cache.learn(engine, id_tag, info)
