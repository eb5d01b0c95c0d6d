"""The levers of the simulated board over HTTP: POST /api/sim/... (testing.md, The simulated board)."""


def pull(board, path, body, power_loss):
    """The answer to POST /api/sim/`path`; `board` is the simulated board, `power_loss()` ends the process at once.

    A path or number that does not exist is 404, a bad value, for which `board` raises ValueError, is 400."""
    try:
        _move(board, path.split("/"), body, power_loss)
    except KeyError as error:
        return {"error": str(error.args[0])}, 404
    except ValueError as error:
        return {"error": str(error)}, 400
    return {}


def _move(board, parts, body, power_loss):
    """["connectors", "1", "ev"], ["rfid"] or ["power"]; KeyError if there is no such thing."""
    if parts == ["rfid"]:
        values = _values(body, "idTag", "connector")
        board.card(values["idTag"], values.get("connector"))
    elif parts == ["power"]:
        action = _values(body, "action")["action"]
        if action != "loss":
            raise ValueError('action: "loss", not %r' % (action,))
        power_loss()
    elif len(parts) == 3 and parts[0] == "connectors":
        count = len(board.connectors)
        if not parts[1].isdigit() or not 1 <= int(parts[1]) <= count:
            raise KeyError("there is no connector %s, only 1 to %d" % (parts[1], count))
        board.lever(int(parts[1]), parts[2], _values(body))
    else:
        raise KeyError("no such resource")


def _values(body, *fields):
    """The JSON object in `body`; of `fields`, if any are named, the first must be there, and nothing else. ValueError
    says what is wrong."""
    import strict_json

    try:
        values = strict_json.loads(bytearray(body))
    except ValueError as error:
        raise ValueError("the body: %s" % error)
    if not isinstance(values, dict):
        raise ValueError("the body is not a JSON object")
    if fields:
        for name in values:
            if name not in fields:
                raise ValueError("unknown field %r; known: %s" % (name, ", ".join(fields)))
        if fields[0] not in values:
            raise ValueError("%s is missing" % fields[0])
    return values
