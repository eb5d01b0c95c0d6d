"""No error line shows a secret of config.json."""

from config_file import load_text, mistake
from helpers import raises

from config.loader import ConfigError


def test_secrets_are_not_shown():
    for path in ("csms.authorization_key", "web.password"):
        assert mistake({path: "hunter2" * 10}).startswith(path + " is 70 characters long, must be")
    assert mistake({"csms.authorization_key": "short"}) == (
        "csms.authorization_key is 5 characters long, must be 16 to 40 characters or empty"
    )


def test_a_secret_of_the_wrong_type_is_not_shown():
    """Nor what stands in the place of the section of one, a section or list that may hold one, a word without its
    quotes, or the user in a URL."""
    secret = 87654321
    for changes in (
        {"csms.authorization_key": secret},
        {"csms.authorization_key": ["87654321"]},
        {"csms.authorization_key": {"key": "87654321"}},
        {"csms.authorization_key": 87654321.5},
        {"csms": "87654321"},
        {"csms": secret},
        {"csms": ["87654321"]},
        {"web.password": secret},
        {"web.password": [[secret]]},
        {"web": "87654321"},
        {"web": [{"password": "87654321"}]},
        {"web.user": {"password": "87654321"}},
        {"web.user": ["87654321"]},
        {"network.wifi": {"ssid": "home", "password": "87654321"}},
        {"network.wifi": ["home", "87654321"]},
        {"network.wifi": "87654321"},
        {"network.wifi": secret},
        {"network.wifi": [secret]},
        {"network.wifi": [["home", "87654321"]]},
        {"network.wifi": [{"ssid": "home", "password": secret}]},
        {"network.wifi": [{"ssid": "home", "password": None}, {"ssid": {"password": "87654321"}}]},
        {"network.wifi": [{"ssid": "home", "pass": "87654321"}]},
        {"ocpp": {"AuthorizationKey": secret}},
        {"csms.url": "ws://user:87654321@host/"},
        {"csms.url": "http://user:87654321@host/"},
    ):
        assert "87654321" not in mistake(changes), changes
    for word in ("87654321x", "pw87654321", "{87654321", "087654321", '"8765\\4321"'):
        line = str(raises(ConfigError, load_text, '{"web": {"password": %s}}' % word))
        assert "8765" not in line and "4321" not in line, line


def test_mistakes_in_secrets_name_the_field_and_what_is_allowed():
    assert mistake({"csms.authorization_key": 12345678}) == (
        'csms.authorization_key is a whole number, must be "text"'
    )
    assert mistake({"web.password": None}) == 'web.password is null, must be "text"'
    assert mistake({"network.wifi": [{"ssid": "x", "password": True}]}) == (
        'network.wifi[0].password is true or false, must be "text"'
    )
