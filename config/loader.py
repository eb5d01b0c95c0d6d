"""Reads config.json, fills in the defaults and says in one line what is wrong; needed at boot only."""

import os

from config.checks import check_all
from config.fields import RULES
from config.fill import fill
from config.json_file import parse

_SECRETS = "secrets.json"
MAX_SIZE = 16384  # bytes; boot.py reads as many


class ConfigError(ValueError):
    """Its text is one line for the owner: file, field, value and what is allowed."""


def load(path):
    """The checked configuration of the file `path`, and of the secrets beside it if there is such a file, all defaults
    filled in (nested dicts); ConfigError."""
    config = _guarded(path, _parsed, path)
    beside = path[: path.rfind("/") + 1] + _SECRETS
    if type(config) is dict and _is_there(beside):
        from config import hidden

        _guarded(beside, hidden.add, config, _guarded(beside, _parsed, beside))
        path = "%s with secrets.json" % path
    return _guarded(path, _checked, config)


def _parsed(path):
    return parse(_read(path))


def _checked(config):
    config = fill(RULES, config, "")
    check_all(config)
    return config


def _is_there(path):
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _guarded(path, function, *arguments):
    """What `function` returns; ConfigError if what it reads from `path` is wrong."""
    try:
        return function(*arguments)
    except OSError as error:
        raise ConfigError("%s: cannot be read (%s)" % (path, error))
    except ValueError as error:
        raise ConfigError("%s: %s" % (path, error))
    except MemoryError:
        raise ConfigError("%s: there is no memory for all that it holds" % path)


def _read(path):
    """The bytes of the file, without the byte order mark that some editors write."""
    with open(path, "rb") as file:
        data = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        raise ValueError("is longer than %d bytes" % MAX_SIZE)
    return data[3:] if data[:3] == b"\xef\xbb\xbf" else data
