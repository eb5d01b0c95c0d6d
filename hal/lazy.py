"""Code of the hardware that is needed for a moment only; whoever assembles the charge point may say how it comes and
goes."""

import sys


def load(name):
    """The module `name`; keep no reference to it."""
    __import__(name)
    return sys.modules[name]
