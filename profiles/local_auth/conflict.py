"""What the central system says of an identifier against what it has put on the list (1.6 3.5.2)."""

from ocpp import log
from profiles.core.id_tag_info import VALID


def judge(engine, id_tag, listed, told):
    """If the AuthorizationStatus `told` is another one than the `listed` one of now, report LocalListConflict. The two
    that mean a valid identifier are one."""
    if told == listed or told in VALID and listed in VALID:
        return
    log.warning("%s is %s, but %s on the local authorization list", id_tag, told, listed)
    _report(engine, ("LocalListConflict", "%s is %s, not %s" % (id_tag, told, listed), None))


def settle(engine):
    """There is a new list: a conflict that was reported is over."""
    _report(engine)


def _report(engine, *error):
    for profile in engine.profiles:
        if profile.name == "Core":
            profile.status.zero(*error)
