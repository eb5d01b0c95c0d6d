"""Reads config.json, fills in the defaults and says in one line what is wrong; needed at boot only."""

from .checks import check_all
from .fields import RULES
from .fill import fill
from .strict_json import parse


class ConfigError(ValueError):
    """Its text is one line for the owner: file, field, value and what is allowed."""


def load(path):
    """The checked configuration of the file `path`, all defaults filled in (nested dicts); ConfigError."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        config = fill(RULES, parse(text[1:] if text[:1] == "\ufeff" else text), "")
        check_all(config)
        return config
    except OSError as error:
        raise ConfigError("%s: cannot be read (%s)" % (path, error))
    except UnicodeError:
        raise ConfigError("%s: is not UTF-8 text" % path)
    except ValueError as error:
        raise ConfigError("%s: %s" % (path, error))
