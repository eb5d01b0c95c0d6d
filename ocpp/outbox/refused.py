"""Repeats or gives up a message that the central system has refused with a CALLERROR (1.6 3.7.1, J 3.3).

Starts and stops are tried TransactionMessageAttempts times, as 3.7.1 describes it. Meter values too, unless they hold
up a start, a stop or many other messages: then they get three tries within seconds. Once one was given up, each further
one gets a single try until one is accepted. All messages stay in their order.
"""

import asyncio

from micropython import const

from ocpp import log
from ocpp.errors import OcppError
from ocpp.outbox.queued import MANY, VALUES

_HURRIED_TRIES = const(3)
_HURRIED_S = const(1)  # in the place of TransactionMessageRetryInterval
_FINAL = ("NotImplemented", "NotSupported")


def failed(outbox, record, action, error):
    """`error` came: the seconds to wait before the next try, or None when the message is given up. Only CALLERRORs use
    up attempts; a time-out never does (1.6 3.7.1, J 3.3). An OcppError is our own check's: the same message would not
    pass it the next time either."""
    attempts, interval = _patience(outbox, record)
    if isinstance(error, OcppError) or error.args[0] in _FINAL:
        attempts = 1
    failures = outbox.head["failures"] = outbox.head["failures"] + 1
    if failures < attempts:
        outbox.save()
        log.warning("%s failed %d times: %s", action, failures, error)
        return interval * failures
    if record[3] != VALUES or not outbox.values_refused:
        log.error("%s given up after %d failures: %s", action, failures, error)
    if record[3] == VALUES:
        outbox.values_refused = True
    return None


def _patience(outbox, record):
    """(number of tries, seconds before the second) that `record` gets."""
    attempts = outbox.keys["TransactionMessageAttempts"]
    interval = outbox.keys["TransactionMessageRetryInterval"]
    if record[3] == VALUES and outbox.values_refused:
        return 1, 0
    if record[3] == VALUES and (outbox.urgent > record[0] or outbox.journal.count > MANY):
        return min(attempts, _HURRIED_TRIES), min(interval, _HURRIED_S)
    return attempts, interval


async def pause(outbox, seconds):
    """Wait before a meter value is sent again, no longer than until it holds up others."""
    outbox.hurry.clear()
    try:
        await asyncio.wait_for(outbox.hurry.wait(), seconds)
    except asyncio.TimeoutError:
        pass
