"""The levers of the simulated board over HTTP: POST /api/sim/... (design 3.3)."""

import json


def add_routes(app, board, power_loss):
    """Add the routes to `app`; `board` is the simulated board, `power_loss()` ends the process at once.

    The methods of `board` raise KeyError for an unknown connector (404) and ValueError for a bad value (400)."""

    def route(path, fields, act):
        app.post("/api/sim/" + path)(_handler(fields, act))

    route("connectors/<number>/plug", ("state",), lambda n, v: board.plug(n, _choice(v["state"])))
    route("connectors/<number>/ev", ("state", "max_current", "phases", "diode"), lambda n, v: board.ev(n, **v))
    route("connectors/<number>/fault", ("errorCode",), lambda n, v: board.fault(n, v["errorCode"]))
    route("connectors/<number>/meter", ("energy_wh",), lambda n, v: board.meter(n, v["energy_wh"]))
    route("rfid", ("idTag", "connector"), lambda n, v: board.card(v["idTag"], v.get("connector")))
    route("power", ("action",), lambda n, v: _power(v["action"], power_loss))


def _choice(state):
    if state not in ("plugged", "unplugged"):
        raise ValueError('state: "plugged" or "unplugged", not %r' % state)
    return state == "plugged"


def _power(action, power_loss):
    if action != "loss":
        raise ValueError('action: "loss", not %r' % action)
    power_loss()


def _handler(fields, act):
    """A request handler that checks the body's fields, the first of which must be there, and answers {} or the error."""

    async def handler(request, number=None):
        try:
            act(_number(number), _values(request.body, fields))
        except KeyError as error:
            return {"error": str(error.args[0])}, 404
        except ValueError as error:
            return {"error": str(error)}, 400
        return {}

    return handler


def _number(text):
    if text is None:
        return None
    if not text.isdigit():
        raise KeyError("no connector " + text)
    return int(text)


def _values(body, fields):
    """The JSON object in `body` with nothing but `fields`; ValueError says what is wrong."""
    try:
        values = json.loads(body)
    except (ValueError, UnicodeError):
        raise ValueError("the body is not JSON")
    if not isinstance(values, dict):
        raise ValueError("the body is not a JSON object")
    for name in values:
        if name not in fields:
            raise ValueError("unknown field %r; known: %s" % (name, ", ".join(fields)))
    if fields[0] not in values:
        raise ValueError("%s is missing" % fields[0])
    return values
