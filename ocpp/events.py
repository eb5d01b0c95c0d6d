"""Security events (white paper of 1.6 security, A04 and 8): tell() is how any room tells one. Loaded for it.

Each event is a line of the security log, `ocpp.log.security`, a Ring with files and memory of its own: it rotates, and
nothing clears it. What is critical the profile Security puts in a queue for the central system besides; where the owner
has switched that profile off there is the log alone.

No peer can fill flash or push the others out: of each kind 5 are recorded in 10 minutes, the rest is counted.
"""

from micropython import const

from ocpp import log
import memory

_KILOBYTES = const(16)  # of flash
_STEM = "security"  # of the names of the files: security<n>.txt
_MAX_RECORDED = const(5)  # events of a kind that are recorded within
_WINDOW_S = const(600)
_MAX_WAITING = const(8)  # events that wait for begin()
_LONGEST = const(255)  # characters of techInfo (5.15)
_AT_ONCE = const(3)  # a level of the log: it is on flash within a second


def tell(kind, info=""):
    """Tell the security event `kind`, a name of the list in 8, of this moment; `info`: what helps to understand it, in
    one sentence, without secrets. From any place, at any time: it never raises."""
    for again in (False, True):
        try:
            return _tell(kind, info)
        except Exception as error:
            if again or not isinstance(error, MemoryError):
                log.exception("security event", error)
                return None
            memory.unload()


def begin(engine, folder):
    """Keep the security log in `folder` from now on, and record the events that came before."""
    from ocpp.log import writing
    from ocpp.log.ring import Ring
    from ocpp.store import inventory

    ring = writing.begin(Ring(), folder, _KILOBYTES, _STEM)
    ring.engine, ring.counts = engine, {}
    log.security, told = ring, log.told
    log.told = ()
    there = writing.numbers_of(ring)
    if there:
        inventory.keep(engine.store, _STEM, True)
    elif inventory.kept(engine.store, _STEM, False):
        tell("SecurityLogWasCleared", "its files were not there at the start")
    for event in told:
        tell(*event)
    return ring


def _tell(kind, info):
    ring = log.security
    if not ring:
        log.told = (log.told + ((kind, info),))[:_MAX_WAITING]
        return
    before = _counted(ring, kind)
    if before is None:
        return
    info = _shown(info)
    if before:
        info += " (after %d more)" % before
    log.info("security event %s: %s", kind, info)
    ring.add("%s %s: %s" % (ring.engine.clock.stamp(), kind, info), _AT_ONCE)
    ring.engine.ask("security_event", ring.engine, kind, info[:_LONGEST])


def _counted(ring, kind):
    """How many events of this `kind` were only counted since the last that was recorded; None if this one is."""
    now = ring.engine.clock.uptime()
    begun, number = ring.counts.get(kind, (now, 0))
    before = 0
    if now - begun >= _WINDOW_S:
        before, begun, number = max(0, number - _MAX_RECORDED), now, 0
    ring.counts[kind] = begun, number + 1
    return before if number < _MAX_RECORDED else None


def _shown(info):
    """`info` as one line without passwords, which a URL may hold, and with room for what is added."""
    from ocpp.log import masked

    info = masked.url(str(info))
    return log.one_line(info)[: _LONGEST - 25]
