"""The web server and the snapshot that it shows (design 3.3); loaded when the web is switched on."""

import gc
import sys

import web
from ocpp import log
from version import VERSION


async def serve(point):
    """Serve the charge point's pages, for ever."""
    section = point.web
    app = web.create_app(lambda: snapshot(point), section["user"], section["password"])
    if point.board.type == "sim":
        from web import simulation

        simulation.add_routes(app, point.board, _power_loss)
    log.info("http://%s:%d/api/status", section["host"], section["port"])
    try:
        await app.start_server(section["host"], section["port"])
    except OSError as error:
        log.error("web.port %d cannot be opened (%s); going on without", section["port"], error)


def _power_loss():
    sys.exit(1)


def snapshot(point):
    """The answer of GET /api/status."""
    engine = point.engine
    csms = {"connected": engine.link.connected, "registration": engine.registration, "queued": engine.outbox.queued}
    return {
        "charge_point": point.id,
        "firmware": VERSION,
        "uptime_s": engine.clock.uptime(),
        "heap_free": gc.mem_free(),
        "tick_max_ms": point.safety.tick_max_ms,
        "writes": engine.store.writes,
        "csms": csms,
        "connectors": [_connector(point.core, connector) for connector in point.core.connectors],
    }


def _connector(core, connector):
    evse, transaction = connector.evse, connector.transaction
    meter = evse.devices.meter
    return {
        "id": connector.number,
        "status": connector.status,
        "error": connector.error[0],
        "transactionId": core.id_of(transaction) if transaction else None,
        "idTag": transaction.id_tag if transaction else None,
        "state": evse.state,
        "pwmOn": evse.pwm_on,
        "limit_a": evse.limit / 10,
        "current_a": [value / 10 for value in meter.currents],
        "power_w": meter.power_w,
        "energy_wh": meter.energy_wh,
        "contactor": evse.contactor_closed,
    }
