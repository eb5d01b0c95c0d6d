"""What a test has replaced in a module of the firmware, and not put back: functions, classes, modules."""

import os
import sys

_FUNCTION = type(lambda: None)
_KINDS = (_FUNCTION, type, type(sys))


def taken():
    """{(module, class or "", name): value} of all modules of the checkout that are no tests'."""
    found = {}
    for name, module in list(sys.modules.items()):
        if _is_firmware(getattr(module, "__file__", None)):
            for key, value in list(vars(module).items()):
                found[name, "", key] = value
                if isinstance(value, type) and value.__module__ == name:
                    found.update({(name, key, part): inner for part, inner in list(vars(value).items())})
    return found


def left(before):
    """The names, as "ocpp.log.print", of what has been another one since `before` was taken."""
    names = []
    for place, value in taken().items():
        old = before.get(place, value)
        replaced = old is not value and (isinstance(old, _KINDS) or callable(value))
        if replaced or place not in before and _is_tests(value):
            names.append(".".join([part for part in place if part]))
    return names


def _is_firmware(path):
    """Whether a module of this file is of the checkout, but not of its tests or its virtual environment."""
    here = os.getcwd() + os.sep
    return bool(path) and path.startswith(here) and path[len(here) :].split(os.sep)[0] not in ("tests", ".venv")


def _is_tests(value):
    """Whether it is a function of a file of tests, under a name that the module did not have, as `print`."""
    return isinstance(value, _FUNCTION) and os.path.basename(value.__code__.co_filename).startswith("test_")
