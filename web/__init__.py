"""The JSON API of the charge point (design 3.3), on microdot. It is given a snapshot function and knows nothing else."""

import binascii

from microdot import Microdot, Request, Response

_ERRORS = ((400, "malformed request"), (404, "no such resource"), (405, "method not allowed"), (413, "body too large"))

Request.max_content_length = 1024
Request.max_body_length = 1024
Request.max_readline = 512
Response.default_content_type = "application/json"


def create_app(snapshot, user="admin", password=""):
    """The application: GET /api/status answers what `snapshot()` returns. With a password, Basic authentication."""
    app = Microdot()
    if password:
        app.before_request(_guard(user, password))

    @app.get("/api/status")
    async def status(request):
        return snapshot()

    for code, text in _ERRORS:
        app.errorhandler(code)(_error(code, text))
    app.errorhandler(Exception)(_failed)
    return app


def _guard(user, password):
    wanted = "Basic " + binascii.b2a_base64(("%s:%s" % (user, password)).encode()).decode().strip()

    async def authenticate(request):
        if request.headers.get("Authorization") != wanted:
            return {"error": "user and password needed"}, 401, {"WWW-Authenticate": 'Basic realm="upoint"'}
        return None

    return authenticate


def _error(code, text):
    async def handler(request):
        return {"error": text}, code

    return handler


async def _failed(request, error):
    return {"error": "internal error: %r" % error}, 500
