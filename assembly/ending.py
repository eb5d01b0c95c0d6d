"""How a run ends that should have gone on, and what the next one says of it: the cause is on flash meanwhile."""

import os
import time

from micropython import const

from ocpp import log

_NAME = "/restart.txt"  # in the folder of the store
_LONGEST = const(200)  # signs
_PAUSE_S = const(2)  # Ctrl-C in it brings the console of a board


def crashed(point, error):
    """Nothing runs any more, for want of memory or because of an error that nobody has caught; restart."""
    log.exception("nothing runs any more", error)
    restart(point, repr(error))


def restart(point, cause):
    """Restart, contactors open; the next run tells `cause`."""
    if point.safety:
        point.safety.stop()
    log.error("restart: %s", cause)
    if point.folder:
        try:
            with open(point.folder + _NAME, "w") as file:
                file.write(cause[:_LONGEST])
        except OSError as failure:
            log.error("the cause cannot be kept: %r", failure)
    time.sleep(_PAUSE_S)
    point.restart()


def tell(folder):
    """At the start: why the last run ended, if that was no wish of anybody."""
    try:
        with open(folder + _NAME) as file:
            log.warning("the last run ended: %s", file.read(_LONGEST))
        os.remove(folder + _NAME)
    except (OSError, ValueError):
        pass
