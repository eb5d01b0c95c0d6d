"""The files in examples/, as an owner uses them: each config.json starts, the DataTransfer file answers."""

import json
import shutil
from pathlib import Path

import pytest
from charge_point import HOST_BUILD

EXAMPLES = Path(__file__).parents[2] / "examples"
CONFIGS = sorted(path.name for path in EXAMPLES.glob("config/*.json"))
SIMULATED = ("sim", "modbus", "pulse", "cse7766", "none")  # meters that the simulated board has


def on_the_simulated_board(config, firmware):
    """The sections of `config` for this PC: its own central system, storage and page, and what the board has not left
    out."""
    for connector in config.get("connectors", []):
        if connector.get("meter", {}).get("type") not in SIMULATED:
            connector.pop("meter", None)
        if connector.get("temperature") == "ds18b20":
            connector["temperature"] = "ntc"
    own = {name: firmware.config[name] for name in ("csms", "web", "storage")}
    return {**config, **own, "board": {"type": "sim"}}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_configuration_starts(make_csms, make_firmware, name):
    """With all its keys, connectors and meters; tests/unit/config/test_examples.py sees to the pins."""
    config = json.loads((EXAMPLES / "config" / name).read_text())
    csms = make_csms(identity=config["charge_point"]["id"])
    firmware = make_firmware(csms)
    firmware.config = on_the_simulated_board(config, firmware)
    firmware.start()
    csms.expect_boot()
    keys = {e["key"]: e["value"] for e in csms.call("GetConfiguration", {})["configurationKey"]}
    wanted = {key: value.replace(" ", "") for key, value in config.get("ocpp", {}).items()}
    assert {key: keys[key] for key in wanted} == wanted


@pytest.fixture
def vendor(csms, make_firmware, tmp_path):
    """A charge point with examples/vendors beside its firmware."""
    firmware = make_firmware(csms)
    firmware.build = tmp_path / "build"
    shutil.copytree(HOST_BUILD, firmware.build, ignore=shutil.ignore_patterns("data"))
    shutil.copytree(EXAMPLES / "vendors", firmware.build / "vendors", ignore=shutil.ignore_patterns("__pycache__"))
    firmware.start()
    csms.expect_boot()
    return firmware


def ask(csms, message_id, data=None, vendor_id="com.example"):
    payload = {"vendorId": vendor_id, "messageId": message_id}
    return csms.call("DataTransfer", {**payload, "data": data} if data is not None else payload)


def test_the_vendors_file_answers(csms, vendor):
    """1.6 4.3: the register, a limit that goes before all others, and what is refused."""
    assert ask(csms, "Register", "1") == {"status": "Accepted", "data": str(vendor.connector()["energy_wh"])}
    assert ask(csms, "OwnerLimit", "1 10") == {"status": "Accepted"}
    vendor.wait_for("10 A", lambda state: state["limit_a"] == 10.0)
    assert ask(csms, "OwnerLimit", "1") == {"status": "Accepted"}
    vendor.wait_for("no limit", lambda state: state["limit_a"] == 32.0)
    for data in ("2", "", "x", None):
        assert ask(csms, "Register", data)["status"] == "Rejected"
    assert ask(csms, "OwnerLimit", "1 81")["status"] == "Rejected"
    assert ask(csms, "Nonsense", "1") == {"status": "UnknownMessageId"}
    assert ask(csms, "Register", "1", "com.other") == {"status": "UnknownVendorId"}
