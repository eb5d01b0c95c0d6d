"""secrets.json beside config.json: secrets are given once, and config.json is shown and replaced without them."""

import json
import os

from config_file import PATH, load_changes
from helpers import raises

from config.loader import ConfigError, load

SECRETS = PATH[: PATH.rfind("/")] + "/secrets.json"
KEY = "0123456789abcdef"


def load_with(secrets, changes=None):
    """What the loader makes of a config with these changes beside a file of these secrets, JSON or text."""
    with open(SECRETS, "w") as file:
        file.write(secrets if isinstance(secrets, str) else json.dumps(secrets))
    try:
        return load_changes(changes or {})
    finally:
        os.remove(SECRETS)


def mistake_with(secrets, changes=None):
    """The line of the ConfigError, without the folder."""
    text = str(raises(ConfigError, load_with, secrets, changes))
    return text.replace(PATH[: PATH.rfind("/") + 1], "")


def test_they_are_put_where_config_json_has_none():
    secrets = {"csms": {"authorization_key": KEY}, "web": {"password": "of the page"}}
    config = load_with(secrets)
    assert (config["csms"]["authorization_key"], config["web"]["password"]) == (KEY, "of the page")
    assert config["csms"]["url"] == "ws://h:9000/ocpp"
    config = load_with(secrets, {"web.password": "", "web.host": "0.0.0.0"})
    assert config["web"]["password"] == "of the page" and config["web"]["host"] == "0.0.0.0"
    assert load_with({"ocpp": {"AuthorizationKey": KEY}})["ocpp"] == {"AuthorizationKey": KEY}


def test_config_json_goes_before_them():
    secrets = {"web": {"password": "old"}, "network": {"wifi": [{"ssid": "home", "password": "12345678"}]}}
    changes = {"web.password": "new", "network.wifi": [{"ssid": "home", "password": "87654321"}]}
    config = load_with(secrets, changes)
    assert config["web"]["password"] == "new" and config["network"]["wifi"][0]["password"] == "87654321"


def test_networks_are_known_by_their_names():
    given = [{"ssid": "work", "password": "12345678"}, {"ssid": "home", "password": "87654321"}, {"ssid": "open"}]
    config = load_with({"network": {"wifi": given}}, {"network.wifi": [{"ssid": "home"}, {"ssid": "other"}]})
    assert config["network"]["wifi"] == [
        {"ssid": "home", "password": "87654321"},
        {"ssid": "other", "password": ""},
        {"ssid": "work", "password": "12345678"},
        {"ssid": "open", "password": ""},
    ]
    assert load_with({"network": {"wifi": given}})["network"]["wifi"][0] == given[0]


def test_nothing_else_is_taken_from_there():
    assert mistake_with({"web": {"port": 80}}) == "secrets.json: web.port is no secret, it belongs into config.json"
    assert mistake_with({"board": {"type": "sim"}}).startswith("secrets.json: board.type is no secret")
    assert mistake_with({"web": 7}).startswith("secrets.json: web is no secret")
    assert mistake_with({"password": "x"}).startswith("config.json with secrets.json: password is unknown, known")


def test_no_mistake_shows_one():
    for secrets in (
        {"web": "87654321"},
        {"web": {"password": {"password": 87654321}}},
        {"web": {"password": 87654321}},
        {"web": {"user": "87654321"}},
        {"csms": {"authorization_key": "87654321"}},
        {"csms": ["87654321"]},
        {"network": {"wifi": {"ssid": "home", "password": "87654321"}}},
        {"network": {"wifi": ["87654321"]}},
        {"network": {"wifi": [{"ssid": "87654321"}, ["87654321"]]}},
        {"network": {"wifi": "87654321"}},
        ["87654321"],
        '{"web": {"password": "87654321}}',
        '{"web": {"password": 87654321',
        '"87654321"',
    ):
        line = mistake_with(secrets)
        assert "8765" not in line and "4321" not in line and "\n" not in line, line
        assert "secrets.json: " in line


def test_without_such_a_file_nothing_changes():
    assert load_changes({"web.password": "p"})["web"]["password"] == "p"
    assert load(PATH)["csms"]["authorization_key"] == ""
