"""The levers of the simulated board over HTTP: POST /api/sim/... (design 3.3)."""

import json

_FIELDS = {
    "plug": ("state",),
    "ev": ("state", "max_current", "phases", "diode"),
    "fault": ("errorCode",),
    "meter": ("energy_wh",),
    "rfid": ("idTag", "connector"),
    "power": ("action",),
}


def pull(board, path, body, power_loss):
    """The answer to POST /api/sim/`path`; `board` is the simulated board, `power_loss()` ends the process at once.

    A path or number that does not exist is 404, a bad value, for which `board` raises ValueError, is 400."""
    try:
        lever, number = _lever(path.split("/"), len(board.connectors))
        _move(board, power_loss, lever, number, _values(body, _FIELDS[lever]))
    except KeyError as error:
        return {"error": str(error.args[0])}, 404
    except ValueError as error:
        return {"error": str(error)}, 400
    return {}


def _lever(parts, count):
    """("ev", 1) of ["connectors", "1", "ev"], ("rfid", None) of ["rfid"]; KeyError if there is no such thing."""
    if len(parts) == 1 and parts[0] in ("rfid", "power"):
        return parts[0], None
    if len(parts) != 3 or parts[0] != "connectors" or parts[2] not in ("plug", "ev", "fault", "meter"):
        raise KeyError("no such resource")
    if not parts[1].isdigit() or not 1 <= int(parts[1]) <= count:
        raise KeyError("there is no connector %s, only 1 to %d" % (parts[1], count))
    return parts[2], int(parts[1])


def _move(board, power_loss, lever, number, values):
    if lever == "plug":
        if values["state"] not in ("plugged", "unplugged"):
            raise ValueError('state: "plugged" or "unplugged", not %r' % (values["state"],))
        board.plug(number, values["state"] == "plugged")
    elif lever == "rfid":
        board.card(values["idTag"], values.get("connector"))
    elif lever == "power":
        if values["action"] != "loss":
            raise ValueError('action: "loss", not %r' % (values["action"],))
        power_loss()
    elif lever == "ev":
        board.ev(number, **values)
    elif lever == "fault":
        board.fault(number, values["errorCode"])
    else:
        board.meter(number, values["energy_wh"])


def _values(body, fields):
    """The JSON object in `body` with nothing but `fields`, the first of which must be there; ValueError says what is
    wrong."""
    try:
        values = json.loads(body)
    except ValueError:
        raise ValueError("the body is not JSON")
    if not isinstance(values, dict):
        raise ValueError("the body is not a JSON object")
    for name in values:
        if name not in fields:
            raise ValueError("unknown field %r; known: %s" % (name, ", ".join(fields)))
    if fields[0] not in values:
        raise ValueError("%s is missing" % fields[0])
    return values
