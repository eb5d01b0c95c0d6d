"""The answer of GET /api/status (owner.md)."""

from ocpp import log
import heap
import memory
from version import VERSION

_MASK = "***"


def snapshot(point, id_tags=True):
    """Everything the owner wants to see at a glance, as a dict; without `id_tags` those are masked, for who knows one
    can charge with it."""
    engine = point.engine
    csms = {"connected": engine.link.connected, "registration": engine.registration, "queued": engine.outbox.queued}
    return {
        "charge_point": point.id,
        "firmware": VERSION,
        "uptime_s": engine.clock.uptime(),
        "heap_free": heap.free(),
        "heap": _heap(point),
        "wifi": point.wifi and point.wifi.ssid,
        "tick_max_ms": point.safety.tick_max_ms,
        "tls_tick_max_ms": point.safety.tls_tick_max_ms,
        "writes": engine.store.writes + sum([ring.writes for ring in (log.kept, log.security) if ring]),
        "thinned": engine.outbox.thinned,
        "csms": csms,
        "update": _update(engine),
        "connectors": [_connector(point.core, connector, id_tags) for connector in point.core.connectors],
    }


def _update(engine):
    """The update of the firmware that is under way: its status, and how much of the download is there."""
    for profile in engine.profiles:
        if profile.name == "FirmwareManagement" and "update" in profile.jobs:
            record = profile.jobs["update"]
            if record["url"] is None:
                return None
            return {"status": record["status"], "percent": record.get("done", 0)}
    return None


def _heap(point):
    """Bytes free after a collection when each stage was reached, and the least; on a board also those of ESP-IDF's
    heap, from which Wi-Fi, sockets and TLS live. MicroPython's largest block is not included: to find its size would
    make the heap grow."""
    figures = dict(zip(("booted", "connected", "charging"), point.heap))
    figures["least"] = memory.least
    if heap.esp32:
        figures["idf_free"] = heap.free_of_idf()
        figures["idf_largest"] = heap.largest_of_idf()
        figures["idf_least"] = memory.least_of_idf
    return figures


def _connector(core, connector, id_tags):
    evse, transaction = connector.evse, connector.transaction
    devices = evse.devices
    meter = devices.meter
    return {
        "id": connector.number,
        "status": connector.status,
        "error": connector.error[0],
        "transactionId": core.id_of(transaction) if transaction else None,
        "idTag": transaction and (transaction.id_tag if id_tags else _MASK),
        "state": evse.state,
        "pwmOn": evse.pwm_on,
        "limit_a": evse.limit / 10,
        "current_a": [value / 10 for value in meter.currents],
        "power_w": meter.power_w,
        "energy_wh": meter.energy_wh,
        "contactor": evse.contactor_closed,
        "post": devices.self_test_result,
        "temperature_c": None if devices.temperature is devices else devices.temperature.celsius(),
    }
