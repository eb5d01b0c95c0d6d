"""From a CALL of the central system to the profile that handles it: the folder of a profile is its routing table
(design 1)."""

from . import log
from .engine import REJECTED
from .errors import OcppError
from .on_demand import load


def serve(engine, action, payload):
    """A coroutine that gives the payload of the answer, or None for silence; OcppError for what cannot be handled."""
    if engine.registration == REJECTED:
        log.warning("%s ignored: not accepted by the central system", action)
        return None
    record = engine.schema.find(action, False)
    if record is None:
        raise OcppError("NotImplemented", action[:50] + " is not known")
    if engine.routed[0] != action:
        engine.routed = _route(engine, action)
    _, profile, name = engine.routed
    if profile is None:
        raise OcppError("NotSupported", action + " is not supported")
    engine.schema.check_record(record, action, payload)
    log.debug("CALL %s", action)
    return load(name).handle(profile, payload)


def _route(engine, action):
    """(action, the profile that handles it or None, the name of the module in which it does): GetConfiguration is
    handled in get_configuration.py."""
    file = "".join(["_" + c.lower() if c.isupper() else c for c in action])[1:]
    for profile in engine.profiles:
        name = "profiles.%s.%s" % (profile.folder, file)
        if hasattr(load(name), "handle"):
            return action, profile, name
    return action, None, None
