"""Checks the whole charge point every few seconds: errors of the safety loop, free heap, a network that does not
work."""

import gc

from micropython import const

from ocpp import log
import memory

# What is done after so many connection attempts in a row that failed on this board.
_UNLOAD = const(2)
_RADIO = const(4)
_RESTART = const(8)
_STAGES = ("booted", "connected", "charging")


def check(point):
    """Log an error of the safety loop, and the free heap when a stage is reached for the first time; recover a network
    that does not work."""
    if point.engine.link.dead != point.cured:
        point.cured = point.engine.link.dead
        _recover_network(point)
    if point.safety.error:
        log.exception("the safety loop", point.safety.error)
        point.safety.error = None
    stage = len(point.heap)
    charging = "Charging" in [connector.status for connector in point.core.connectors]
    if stage == 0 or stage < 3 and point.engine.online and (stage == 1 or charging):
        gc.collect()
        point.heap.append(memory.free())
        log.info("heap when %s: %d bytes free", _STAGES[stage], point.heap[-1])


def _recover_network(point):
    """`cured` connection attempts in a row failed on this board: the radio has no memory, or the Wi-Fi is joined though
    nothing can be reached. Unload code, then restart the radio, then the board as soon as no energy flows."""
    if point.cured == _UNLOAD:
        memory.unload()
    elif not (point.wifi and point.wifi.ssid):
        return  # a PC, or a board that waits for its Wi-Fi to come back
    elif point.cured == _RADIO:
        log.warning("the network is dead: radio off and on")
        point.wifi.stuck = True
    elif point.cured >= _RESTART and not any([evse.contactor_closed for evse in point.evses]):
        from app import shutdown

        shutdown.restart(point, "the network was dead")
