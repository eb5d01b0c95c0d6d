"""What unit tests share; runs under MicroPython and CPython."""


def raises(expected, function, *args):
    """Return the exception of class `expected` that `function(*args)` raises; fail if it raises none."""
    try:
        function(*args)
    except expected as error:
        return error
    raise AssertionError("%s not raised" % expected.__name__)
