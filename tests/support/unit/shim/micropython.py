"""MicroPython's module of this name, as far as code that runs under CPython may use it."""

import builtins


def const(value):
    """The value itself; MicroPython's compiler folds it into the code."""
    return value


def schedule(function, argument):
    function(argument)


def __getattr__(name):
    # A file with machine code is not importable here, so its plain twin is used instead.
    if name in ("native", "viper"):
        raise ImportError("%s code needs MicroPython" % name)
    raise AttributeError(name)


# MicroPython's compiler knows the bare name without an import.
builtins.const = const
