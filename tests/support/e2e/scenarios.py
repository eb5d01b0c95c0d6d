"""Beginnings and judgements that several stories share."""

import pytest
from answers import CallError
from ocpp_schemas import parse_time
from status_table import transition


def legal(statuses):
    """The statuses without the short suspensions that 4.9 allows when charging starts; every step is in its
    table."""
    for before, after in zip(statuses, statuses[1:], strict=False):
        transition(before, after)
    return [status for status in statuses if not status.startswith("Suspended")]


def charging(csms, firmware, connector=1, card="CARD1", **ev):
    """A car is plugged in and charges with `card`; the firmware."""
    firmware.plug(connector)
    firmware.ev("C", connector, **ev)
    firmware.rfid(card, connector)
    csms.expect("StartTransaction", connectorId=connector)
    csms.expect("StatusNotification", connectorId=connector, status="Charging")
    firmware.wait_for("closed contactor", lambda state: state["contactor"], connector)
    return firmware


def seconds_since(timestamp, csms):
    """How long ago that was, by the central system's clock."""
    return (csms.now() - parse_time(timestamp)).total_seconds()


def refused(csms, action, payload):
    """The error code with which a CALL is refused."""
    with pytest.raises(CallError) as refusal:
        csms.call(action, payload)
    return refusal.value.code


def alive(csms):
    """The first connection still answers."""
    assert csms.call("GetConfiguration", {"key": ["HeartbeatInterval"]})["configurationKey"]
    assert csms.connections == 1
