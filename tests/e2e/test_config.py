"""A config.json that is wrong: one clear line naming the field, exit status 78 (owner.md, config.json)."""

import json
import os

import pytest


def refusal(make_firmware, text):
    """The one line in which the firmware says what is wrong."""
    firmware = make_firmware()
    firmware.launch(text)
    assert firmware.wait_exit() == 78
    lines = [line for line in firmware.lines if line[9:].strip()]
    assert len(lines) == 1, lines
    return lines[0]


def changed(firmware_config, path, value):
    """The text of config.json with the field `path` ("section.field") set to `value`."""
    config = json.loads(json.dumps(firmware_config))
    *sections, name = path.split(".")
    section = config
    for part in sections:
        section = section.setdefault(part, {})
    section[name] = value
    return json.dumps(config)


@pytest.mark.parametrize(
    "path, value, named",
    [
        ("web.port", "8080", "web.port"),
        ("web.port", 70000, "web.port"),
        ("web.port", True, "web.port"),
        ("charge_point.id", 7, "charge_point.id"),
        ("charge_point.id", "", "charge_point.id"),
        ("charge_point.vendor", 21 * "x", "charge_point.vendor"),
        ("csms.url", "http://example.com", "csms.url"),
        ("csms.backoff_s", [2, 1], "csms.backoff_s"),
        ("csms.backoff_s", 5, "csms.backoff_s"),
        ("board.type", "toaster", "board.type"),
        ("board.max_current", "32", "board.max_current"),
        ("connectors", {}, "connectors"),
        ("connectors", [], "connectors"),
        ("connectors", [{"phases": 2}], "phases"),
        ("connectors", [{"cable": "wireless"}], "cable"),
        ("connectors", [{"colour": "red"}], "colour"),
        ("log.level", "chatty", "log.level"),
        ("storage", "data", "storage"),
        ("colour", "red", "colour"),
        ("web.colour", "red", "web.colour"),
        ("ocpp.HeartbeatInterval", 3600, "HeartbeatInterval"),
        ("ocpp.HeartbeatInterval", "often", "HeartbeatInterval"),
        ("ocpp.HeartbeatInterval", "-1", "HeartbeatInterval"),
        ("ocpp.AuthorizeRemoteTxRequests", "maybe", "AuthorizeRemoteTxRequests"),
        ("ocpp.MeterValuesSampledData", "Energy.Active.Import.Register,Taste", "MeterValuesSampledData"),
        ("ocpp.SupportedFeatureProfiles", "Core,Telepathy", "SupportedFeatureProfiles"),
        ("ocpp.NoSuchKey", "1", "NoSuchKey"),
    ],
)
def test_a_wrong_field_is_named(make_firmware, path, value, named):
    """architecture.md, Decisions: field, value and what is allowed; owner.md, config.json: what the fields are."""
    text = changed(make_firmware().config, path, value)
    line = refusal(make_firmware, text)
    assert named in line


@pytest.mark.parametrize("path", ["csms.url", "charge_point.id"])
def test_a_missing_field_is_named(make_firmware, path):
    """owner.md, config.json: every field but these two has a default."""
    config = make_firmware().config
    section, name = path.split(".")
    del config[section][name]
    assert path in refusal(make_firmware, json.dumps(config))
    del config[section]
    assert path in refusal(make_firmware, json.dumps(config))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"csms": {"url": "ws://a" "x"}}',
        '{"csms": {"url": "ws://a",}}',
        "[]",
        "null",
        '{"a": 1} x',
        "\ufffe",
    ],
)
def test_unreadable_json(make_firmware, text):
    """architecture.md, Decisions: one line, and no traceback."""
    assert "Traceback" not in refusal(make_firmware, text)


def test_a_field_that_stands_twice(make_firmware):
    """The owner would not know which one holds."""
    text = json.dumps(make_firmware().config)
    assert "web" in refusal(make_firmware, text[:-1] + ', "web": {"port": 0}}')


def test_a_secret_is_not_shown(make_firmware):
    """A01.FR.12: the line about the key does not tell the key."""
    line = refusal(make_firmware, changed(make_firmware().config, "csms.authorization_key", "too-short"))
    assert "authorization_key" in line and "too-short" not in line


@pytest.mark.parametrize(
    "secret",
    [
        {"csms": {"url": "ws://127.0.0.1:9", "authorization_key": 87654321}},
        {"web": {"password": 87654321}},
        {"web": "87654321"},
        {"network": {"wifi": [{"ssid": "home", "password": 87654321}]}},
        {"network": {"wifi": {"ssid": "home", "password": "87654321"}}},
    ],
)
def test_a_secret_of_the_wrong_type_is_not_shown(make_firmware, secret):
    """A number for a text, or a password in the place of its section."""
    text = json.dumps({**make_firmware().config, **secret})
    assert "87654321" not in refusal(make_firmware, text)


@pytest.mark.parametrize(
    "changes",
    [
        {"charge_point\nERROR": 1},
        {"ocpp": {"a\nb": "1"}},
        {"board": {"pins": {"a\nb": "x"}}},
        {"csms": {"url": "ws://127.0.0.1:9\nx"}},
        {"\u2028\u202e": "1"},
    ],
    ids=["section", "key", "pin", "url", "direction"],
)
def test_a_line_end_in_a_name_or_value(make_firmware, changes):
    line = refusal(make_firmware, json.dumps({**make_firmware().config, **changes}))
    assert line.isprintable() and "config.json: " in line


@pytest.mark.parametrize("size", [16385, 50000, 300000, 5000000])
def test_a_file_that_is_too_long(make_firmware, size):
    """A clear limit, whatever is in the file, and no want of memory."""
    text = json.dumps(make_firmware().config)
    for filling in " [":
        line = refusal(make_firmware, text + filling * (size - len(text)))
        assert line.endswith("config.json: is longer than 16384 bytes")


@pytest.mark.parametrize("unit", ["0,", '"x",', "[],", "{},", '{"a":[1]},', '"\\u20ac",'])
def test_all_that_the_limit_allows(make_firmware, unit):
    """A list that takes much memory is refused in one line like any other mistake."""
    config = {**make_firmware().config, "connectors": None}
    text = json.dumps(config)
    filling = unit * ((16300 - len(text)) // len(unit))
    line = refusal(make_firmware, text.replace("null", "[" + filling + "{}]"))
    assert "connectors" in line or "no memory" in line


def test_storage_that_cannot_be(make_firmware, tmp_path):
    """storage.path is a file, goes through one, or cannot be made."""
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "data", "/proc/upoint/data"):
        line = refusal(make_firmware, changed(make_firmware().config, "storage.path", str(path)))
        assert "storage.path is " in line and "a folder that is there or can be made" in line


def test_storage_that_may_not_be_made(make_firmware, tmp_path):
    """The folder above is not the owner's to write in."""
    tmp_path.chmod(0o555)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write everywhere")
    line = refusal(make_firmware, changed(make_firmware().config, "storage.path", str(tmp_path / "data")))
    assert "storage.path is " in line


def test_storage_is_made_with_the_folders_above_it(make_firmware, csms, tmp_path):
    firmware = make_firmware(csms)
    firmware.start(storage={"path": str(tmp_path / "a" / "b" / "data")})
    csms.expect_boot()
    assert (tmp_path / "a" / "b" / "data").is_dir()


def test_a_missing_file(make_firmware):
    """architecture.md, Decisions: CONFIG that is not there."""
    firmware = make_firmware()
    firmware.launch(None)
    assert firmware.wait_exit() == 78
    assert "config.json" in firmware.lines[-1]


def test_everything_else_has_a_default(make_firmware, csms):
    """owner.md, config.json: url and id are enough; vendor, model and one connector are there."""
    firmware = make_firmware(csms)
    port = {"web": {"port": firmware.port}, "storage": firmware.config["storage"]}
    firmware.config = {"charge_point": {"id": csms.identity}, "csms": {"url": csms.url}, **port}
    firmware.start()
    boot = csms.expect_boot()
    assert boot["chargePointVendor"] and boot["chargePointModel"]
    assert [connector["id"] for connector in firmware.status()["connectors"]] == [1]


def test_an_owner_writes_as_editors_do(make_firmware, csms):
    """A byte order mark, line ends of another system and indentation are no mistakes."""
    firmware = make_firmware(csms)
    firmware.launch("\ufeff" + json.dumps(firmware.config, indent=4).replace("\n", "\r\n"))
    csms.expect_boot()


def test_a_web_port_of_zero_is_off(make_firmware, csms):
    """owner.md, config.json: port 0 switches the web server off."""
    firmware = make_firmware(csms)
    firmware.config["web"]["port"] = 0
    firmware.launch(json.dumps(firmware.config))
    csms.expect_boot()
    with pytest.raises(ConnectionRefusedError):
        firmware.status()
