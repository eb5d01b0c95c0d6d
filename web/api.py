"""The JSON API of the charge point (owner.md): the answer to a request that a Connection has read.

It is written for the two resources there are: microdot and what it needs took 14 kB of the board's heap for each
request, and a hundred names in it for ever, with which the table of names doubles (9 kB).
"""

from web.connection import NO_MEMORY

_STATUS = "/api/status"
_LOG = "/api/log"
_SIMULATION = "/api/sim/"
_WHO = 'WWW-Authenticate: Basic realm="upoint"'


def respond(connection, status, lever, kept, log, section, seen, clock):
    """Write the answer. `status()` is that of GET /api/status, `lever(path, body)` that of POST /api/sim/path, each a
    dict or (dict, HTTP status); `lever` is None where nothing is simulated. `kept()` gives a source as
    Connection.put_text() takes for GET /api/log; `kept` is None where nobody may see it. What goes wrong in them is put
    into `log`.

    `section`: user, password (RFC 7617; "" asks nobody) and names. `seen`: a dict that is kept, in which wrong
    passwords are counted; `clock.uptime()`: seconds.

    MemoryError if there was no room for it, and it may be tried again."""
    from web import foreign

    try:
        method, path, fields, body = connection.parts()
    except ValueError:
        return connection.refuse(400, "malformed request")
    refusal = foreign.refusal(method, fields, section["names"])
    if refusal:
        return connection.refuse(*refusal)
    if section["password"] and not _is_allowed(connection, fields, section, seen, clock.uptime(), log):
        return
    allowed = _methods(path, lever)
    if not allowed:
        return connection.refuse(404, "no such resource")
    if method not in allowed:
        return connection.refuse(405, "method not allowed", "Allow: " + ", ".join(allowed))
    if method == "POST" and not foreign.is_json(fields):
        return connection.refuse(415, "Content-Type: application/json needed")
    if path == _LOG and not kept:
        return connection.refuse(403, "the log shows idTags; it can be read where there is a web.password")
    _answer(connection, method == "HEAD", path, body, status, lever, kept, log)


def _answer(connection, only_head, path, body, status, lever, kept, log):
    """Do what `path` stands for."""
    try:
        if path == _LOG:
            return connection.put_text(kept(), only_head)
        answer = status() if path == _STATUS else lever(path[len(_SIMULATION) :], body)
        connection.put(answer, only_head)
    except MemoryError:
        if path in (_STATUS, _LOG):
            raise
        connection.rewind()
        connection.refuse(503, NO_MEMORY)
    except Exception as error:
        log.exception("HTTP request", error)
        connection.refuse(500, "internal error")


def _methods(path, lever):
    """Those that the resource has (RFC 9110 15.5.6); none if it does not exist."""
    if path in (_STATUS, _LOG):
        return "GET", "HEAD"
    return ("POST",) if lever and path.startswith(_SIMULATION) else ()


def _is_allowed(connection, fields, section, seen, now, log):
    """Whether the request has the right password; if not, it is answered. The answer comes before the count: without
    memory for it all is done again."""
    from web import passwords

    field, address = fields.get("authorization"), connection.address()
    if not field:
        connection.refuse(401, "user and password needed", _WHO)
        return False
    wait = passwords.wait_s(seen, address, now)
    if wait:
        connection.refuse(429, "too many wrong passwords, wait %d s" % wait, "Retry-After: %d" % wait)
        return False
    if passwords.is_right(field, section["user"], section["password"]):
        passwords.note_right(seen, address, now)
        return True
    connection.refuse(401, "user and password needed", _WHO)
    if passwords.count_wrong(seen, address, now):
        log.warning("HTTP: wrong passwords, the last one from %s: tries have to wait now", connection.shown(address))
    return False
