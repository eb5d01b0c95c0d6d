"""The web server of the charge point (design 3.3); what a request needs is loaded for the request."""

import sys

import web
from ocpp import log
from ocpp.on_demand import load


async def serve(point):
    """Serve the pages, for ever."""
    section = point.web
    app = web.create_app(lambda: load("assembly.snapshot").snapshot(point), section["user"], section["password"])
    if point.board.type == "sim":

        @app.post("/api/sim/<path:path>")
        async def simulation(request, path):
            return load("web.simulation").pull(point.board, path, request.body, lambda: sys.exit(1))

    log.info("http://%s:%d/api/status", section["host"], section["port"])
    try:
        await app.start_server(section["host"], section["port"])
    except OSError as error:
        log.error("web.port %d cannot be opened (%s); going on without", section["port"], error)
