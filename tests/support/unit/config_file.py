"""A config.json that a test writes, and what the loader makes of it."""

import json

from helpers import folder, raises

from config.loader import ConfigError, load

PATH = folder("config") + "/config.json"


def load_text(text):
    """What the loader makes of a config.json with this text; it raises ConfigError."""
    return load_bytes(text.encode())


def load_bytes(content):
    """As load_text(), of bytes."""
    with open(PATH, "wb") as file:
        file.write(content)
    return load(PATH)


def load_changes(changes):
    """Load a config of the two needed fields and `changes`: {"section.field": value}."""
    content = {"charge_point": {"id": "cp1"}, "csms": {"url": "ws://h:9000/ocpp"}}
    for path in changes:
        section, _, name = path.partition(".")
        if name:
            content.setdefault(section, {})[name] = changes[path]
        else:
            content[section] = changes[path]
    return load_text(json.dumps(content))


def mistake(changes):
    """The line of the ConfigError that these changes raise, without the path."""
    text = str(raises(ConfigError, load_changes, changes))
    assert text.startswith(PATH + ": ") and "\n" not in text, text
    return text[len(PATH) + 2 :]


def board(**connector):
    """Changes for a config of the real board with one connector."""
    return {"board.type": "esp32-devkitc-v4", "connectors": [connector]}
