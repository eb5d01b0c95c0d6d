"""The checks that the levers of the simulated board share."""


def require(good, text, *values):
    """ValueError with this text unless `good`."""
    if not good:
        raise ValueError(text % values)


def check(values, *fields):
    """ValueError unless `values`, a dict, has the first of `fields`, and nothing else than these."""
    for name in values:
        require(name in fields, "unknown field %r; known: %s", name, ", ".join(fields))
    require(fields[0] in values, "%s is missing", fields[0])
