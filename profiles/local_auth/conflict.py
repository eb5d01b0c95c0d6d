"""What the central system says of an identifier against what it has put on the list (1.6 3.5.2)."""

from ocpp import log
from profiles.core.id_tag_info import VALID


def compare(core, id_tag, listed, answered):
    """Report LocalListConflict if the AuthorizationStatus `answered` is another one than the `listed` one of now. The
    two that mean a valid identifier are one."""
    if answered == listed or answered in VALID and listed in VALID:
        return
    log.warning("%s is %s, but %s on the local authorization list", id_tag, answered, listed)
    core.status.zero(("LocalListConflict", "%s is %s, not %s" % (id_tag, answered, listed), None))


def settle(core):
    """There is a new list: a conflict that was reported is over."""
    core.status.zero()
