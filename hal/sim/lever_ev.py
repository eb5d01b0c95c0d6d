"""The lever of what the car does."""

from hal.sim.lever import check, require


def pull(connector, values):
    """{"state": "A" to "F"}, and what holds until the car is unplugged: max_current (A), phases, diode, model with
    after_wh or after_s; ValueError says what is wrong."""
    check(values, "state", "max_current", "phases", "diode", "model", "after_wh", "after_s")
    _check(values["state"], values.get("max_current"), values.get("phases"), values.get("diode"))
    model = [values.get(name) for name in ("model", "after_wh", "after_s")]
    if any([value is not None for value in model]):
        from hal.sim import car_models

        car_models.replace(connector, *model)
    connector.drive(values["state"])
    car = connector.car
    if values.get("max_current") is not None:
        car.max_current = int(values["max_current"] * 10 + 0.5)
    for name in ("phases", "diode"):
        if values.get(name) is not None:
            setattr(car, name, values[name])


def _check(state, current, phases, diode):
    require(type(state) is str and len(state) == 1 and state in "ABCDEF", "state must be one of A to F")
    require(current is None or type(current) in (int, float) and 0 <= current <= 80, "max_current must be 0 to 80 A")
    require(phases is None or type(phases) is int and 1 <= phases <= 3, "phases must be 1, 2 or 3")
    require(diode is None or type(diode) is bool, "diode must be true or false")
