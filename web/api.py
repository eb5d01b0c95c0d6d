"""The JSON API of the charge point (design 3.3), on microdot. It is given a snapshot function, no more."""

import binascii

from microdot import Microdot, Request, Response, microdot

from web.connection import MAX_BODY, MAX_HEAD, NO_MEMORY

app = None  # whoever serves keeps it here, where it goes with this module
_ERRORS = {400: "malformed request", 404: "no such resource", 405: "method not allowed", 413: "body too large"}

Request.max_content_length = Request.max_body_length = MAX_BODY
Request.max_readline = MAX_HEAD
Response.default_content_type = "application/json"


class Api(Microdot):
    """microdot whose errors are all {"error": text} with a fitting status."""

    async def respond(self, connection):
        """Write the answer to the request in `connection`. MemoryError if there was no room for that, and it may be
        tried again."""
        try:
            request = await Request.create(self, connection, connection, connection.get_extra_info("peername"))
        except (ValueError, IndexError):
            request = None
        try:
            response = await self.dispatch_request(request)
            if response.status_code == 503:
                raise MemoryError
            await response.write(connection)
        except MemoryError:
            if request is None or request.method == "GET":
                raise
            connection.rewind()
            connection.refuse(503, NO_MEMORY)

    async def error_response(self, req, status_code, reason=None):
        headers = self.default_options_handler(req) if status_code == 405 else {}
        return {"error": _ERRORS.get(status_code, reason)}, status_code, headers


def create_app(snapshot, report, user="admin", password=""):
    """The application: GET /api/status answers what `snapshot()` returns. With a password, Basic authentication.

    `report(error)` logs what goes wrong in a handler; want of memory is no news, for the request is handled again."""
    microdot.print_exception = lambda error: None if isinstance(error, MemoryError) else report(error)
    made = Api()
    if password:
        wanted = binascii.b2a_base64(("%s:%s" % (user, password)).encode()).decode().strip()

        @made.before_request
        async def authenticate(request):
            scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "basic" or credentials.strip() != wanted:
                return {"error": "user and password needed"}, 401, {"WWW-Authenticate": 'Basic realm="upoint"'}
            return None

    @made.errorhandler(MemoryError)
    async def no_memory(request, error):
        return "", 503

    @made.get("/api/status")
    async def status(request):
        return snapshot()

    return made
