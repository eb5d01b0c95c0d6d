"""From a CALL of the central system to the profile that handles it: the folder of a profile is its routing table
(design 1)."""

import os

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
    # Of bytes, not of letters, each of which would be a name in memory for ever; so would be that of a module missed.
    file = b"".join([b"_%c" % (c + 32) if c < 97 else b"%c" % c for c in action.encode()]).decode()[1:]
    for profile in engine.profiles:
        name = "profiles.%s.%s" % (profile.folder, file)
        # In a firmware image there are no files to be seen, not even this one.
        if (_is_file(name) or not _is_file("ocpp.routing")) and hasattr(load(name), "handle"):
            return action, profile, name
    return action, None, None


def _is_file(module):
    path = module.replace(".", "/")
    for name in (path + ".mpy", path + ".py"):
        try:
            os.stat(name)
            return True
        except OSError:
            pass
    return False
