"""Configuration keys: typed, checked, persistent (1.6 5.3, 9)."""

from helpers import folder, raises
from ocpp.keys import Keys
from ocpp.store import Store

KEYS = (
    ("HeartbeatInterval", "RW", "i", "3600", (0, 86400)),
    ("NumberOfConnectors", "R", "i", "2", (2, 2)),
    ("LocalPreAuthorize", "RW", "b", "false", None),
    ("MeterValuesSampledData", "RW", "l", "Voltage", ("Voltage", "Current.Import")),
    ("AuthorizationKey", "W", "s", "", (0, 40)),
    ("SecurityProfile", "RW!", "i", "0", (0, 3)),
)


def declarations(more=()):
    return KEYS + more


def _keys(path, first=None):
    keys = Keys(Store(path), first or {})
    keys.declare("test_keys", ())
    return keys


def test_defaults_are_typed():
    keys = _keys(folder("keys"))
    assert keys["HeartbeatInterval"] == 3600
    assert keys["LocalPreAuthorize"] is False
    assert keys["MeterValuesSampledData"] == ["Voltage"]


def test_change_is_kept():
    path = folder("keys")
    assert _keys(path).change("HeartbeatInterval", "60") == "Accepted"
    assert _keys(path)["HeartbeatInterval"] == 60


def test_answers_of_change():
    keys = _keys(folder("keys"))
    for name, text, status in (
        ("heartbeatinterval", "1", "Accepted"),
        ("HeartbeatInterval", "-1", "Rejected"),
        ("HeartbeatInterval", "1.5", "Rejected"),
        ("HeartbeatInterval", "", "Rejected"),
        ("HeartbeatInterval", "99999999999999999999", "Rejected"),
        ("LocalPreAuthorize", "TRUE", "Accepted"),
        ("LocalPreAuthorize", "1", "Rejected"),
        ("NumberOfConnectors", "2", "Rejected"),
        ("MeterValuesSampledData", "Voltage, Current.Import", "Accepted"),
        ("MeterValuesSampledData", "Voltage,SoC", "Rejected"),
        ("MeterValuesSampledData", "", "Accepted"),
        ("SecurityProfile", "2", "RebootRequired"),
        ("Nonsense", "1", "NotSupported"),
    ):
        assert keys.change(name, text) == status, (name, text)
    assert keys["HeartbeatInterval"] == 1 and keys["MeterValuesSampledData"] == []


def test_one_unsupported_member_changes_nothing():
    keys = _keys(folder("keys"))
    keys.change("MeterValuesSampledData", "Current.Import,SoC")
    assert keys["MeterValuesSampledData"] == ["Voltage"]


def test_shown_as_in_get_configuration():
    keys = _keys(folder("keys"))
    known = list(keys.shown(["numberofconnectors", "localpreauthorize", "authorizationkey", "x"]))
    assert known == [
        {"key": "NumberOfConnectors", "readonly": True, "value": "2"},
        {"key": "LocalPreAuthorize", "readonly": False, "value": "false"},
    ]
    names = [element["key"] for element in keys.shown()]
    assert len(names) == len(KEYS) - 1 and "AuthorizationKey" not in names


def test_reboot_required_holds_after_the_reboot():
    path = folder("keys")
    keys = _keys(path)
    keys.change("SecurityProfile", "1")
    assert keys["SecurityProfile"] == 0 and list(keys.shown(["securityprofile"]))[0]["value"] == "1"
    assert _keys(path)["SecurityProfile"] == 1


def test_first_values_of_the_owner():
    path = folder("keys")
    keys = _keys(path, {"heartbeatInterval": "5"})
    assert keys["HeartbeatInterval"] == 5
    keys.change("HeartbeatInterval", "6")
    assert _keys(path, {"HeartbeatInterval": "7"})["HeartbeatInterval"] == 6
    error = raises(ValueError, _keys, path, {"HeartbeatInterval": "soon"})
    assert "HeartbeatInterval" in str(error) and "soon" in str(error) and "86400" in str(error)
    assert _keys(path, {"Nonsense": "1"}).unknown_first_value() == "Nonsense"


def test_watchers_are_called_after_a_change():
    keys = _keys(folder("keys"))
    told = []
    keys.watch("HeartbeatInterval", lambda: told.append(keys["HeartbeatInterval"]))
    keys.change("HeartbeatInterval", "x")
    keys.change("HeartbeatInterval", "9")
    assert told == [9]


def test_stored_value_that_no_longer_fits_gives_the_default():
    path = folder("keys")
    Store(path).save("keys", {"HeartbeatInterval": "soon"})
    assert _keys(path)["HeartbeatInterval"] == 3600
