"""The JSON API of the charge point (design 3.3): the answer to a request that a Connection has read.

It is written for the two resources there are: microdot and what it needs took 14 kB of the board's heap for each
request, and a hundred names in it for ever, with which the table of names doubles (9 kB).
"""

import binascii

from web.connection import NO_MEMORY

_STATUS = "/api/status"
_LOG = "/api/log"
_SIMULATION = "/api/sim/"


def respond(connection, status, lever, report, user="admin", password="", log=None):
    """Write the answer. `status()` is that of GET /api/status, `lever(path, body)` that of POST /api/sim/path, each a
    dict or (dict, HTTP status); `lever` is None where nothing is simulated. `log()` gives a
    source as Connection.put_text() takes for GET /api/log. With a password, Basic authentication (RFC 7617).
    `report(error)` logs what goes wrong in them.

    MemoryError if there was no room for it, and it may be tried again."""
    try:
        method, path, fields, body = connection.parts()
    except ValueError:
        return connection.refuse(400, "malformed request")
    if password and not _is_allowed(fields.get("authorization", ""), user, password):
        return connection.refuse(401, "user and password needed", 'WWW-Authenticate: Basic realm="upoint"')
    allowed = _methods(path, lever)
    if not allowed:
        return connection.refuse(404, "no such resource")
    if method not in allowed:
        return connection.refuse(405, "method not allowed", "Allow: " + ", ".join(allowed))
    try:
        if path == _LOG:
            connection.put_text(log(), method == "HEAD")
            return
        answer = status() if path == _STATUS else lever(path[len(_SIMULATION) :], body)
        connection.put(answer, method == "HEAD")
    except MemoryError:
        if path in (_STATUS, _LOG):
            raise
        connection.rewind()
        connection.refuse(503, NO_MEMORY)
    except Exception as error:
        report(error)
        connection.refuse(500, "internal error")


def _methods(path, lever):
    """Those that the resource has (RFC 9110 15.5.6); none if it does not exist."""
    if path in (_STATUS, _LOG):
        return "GET", "HEAD"
    return ("POST",) if lever and path.startswith(_SIMULATION) else ()


def _is_allowed(field, user, password):
    """Whether this value of the field Authorization names user and password."""
    scheme, _, credentials = field.partition(" ")
    wanted = binascii.b2a_base64(("%s:%s" % (user, password)).encode()).decode().strip()
    return scheme.lower() == "basic" and credentials.strip() == wanted
