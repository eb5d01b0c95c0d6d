"""Reads config.json, fills in the defaults and says in one line what is wrong; needed at boot only."""

from config.checks import check_all
from config.fields import RULES
from config.fill import fill
from config.json_file import parse

MAX_SIZE = 16384  # bytes; boot.py reads as many


class ConfigError(ValueError):
    """Its text is one line for the owner: file, field, value and what is allowed."""


def load(path):
    """The checked configuration of the file `path`, all defaults filled in (nested dicts); ConfigError."""
    try:
        config = fill(RULES, parse(_read(path)), "")
        check_all(config)
        return config
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
