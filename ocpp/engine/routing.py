"""From a CALL of the central system to the profile that handles it: the folder of a profile is its routing table
(design 1)."""

import os
import sys

from ocpp import log
from ocpp.engine.registration import REJECTED
from ocpp.errors import OcppError
import memory


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
    answer = memory.load(name).SWITCHED_OFF if name and profile is None else None
    if profile is None and answer is None:
        raise OcppError("NotSupported", action + " is not supported")
    engine.schema.check_record(record, action, payload)
    log.debug("CALL %s", action)
    return _give(answer) if answer else memory.load(name).handle(profile, payload)


async def _give(answer):
    return answer


def _route(engine, action):
    """(action, the profile that handles it or None, the name of the module in which it does or None): GetConfiguration
    is handled in get_configuration.py. A message of a profile that is switched off is answered with the constant
    SWITCHED_OFF of its module, if it has one."""
    # Of bytes, not of letters, each of which would be a name in memory for ever; so would be that of a module missed.
    file = b"".join([b"_%c" % (c + 32) if c < 97 else b"%c" % c for c in action.encode()]).decode()[1:]
    for profile in engine.profiles:
        if _has(profile, file, "handle"):
            return action, profile, _module(profile, file)
    for profile in engine.switched_off:
        if _has(profile, file, "SWITCHED_OFF"):
            return action, None, _module(profile, file)
    return action, None, None


def _module(profile, file):
    return "profiles.%s.calls.%s" % (profile.folder, file)


def _has(profile, file, what):
    name = _module(profile, file)
    # In a firmware image there are no files to be seen, not even this one.
    return (_is_file(name) or not _is_file("ocpp.engine.routing")) and hasattr(memory.load(name), what)


def _is_file(module):
    path = sys.path[0] + "/" + module.replace(".", "/")
    for name in (path + ".mpy", path + ".py"):
        try:
            os.stat(name)
            return True
        except OSError:
            pass
    return False
