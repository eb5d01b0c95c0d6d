"""Another version of the firmware over the same flash (architecture.md, Power cuts: nothing that bills is lost)."""

import shutil

import charge_point
from scenarios import charging


def another_version(folder):
    """The build, as version 99.0.0."""
    shutil.copytree(charge_point.HOST_BUILD, folder)
    (folder / "version.py").write_text('VERSION = "99.0.0"\nBUILT = "2026-01-01T00:00:00Z"\n')
    return folder


def test_defect_a_new_version_keeps_everything(csms, station, tmp_path):
    """A stop that waits to be reported, changed keys, the cache, availability, the meter."""
    firmware = charging(csms, station(connectors=2))
    assert csms.call("ChangeConfiguration", {"key": "ResetRetries", "value": "7"}) == {"status": "Accepted"}
    csms.call("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"})
    csms.server.stop_listening()
    csms.drop()
    firmware.rfid("CARD1", 1)
    firmware.wait_status(1, "Finishing")
    energy = firmware.connector(1)["energy_wh"]
    firmware.kill()
    firmware.build = another_version(tmp_path / "build")
    firmware.start()
    assert firmware.status()["firmware"] == "99.0.0"
    assert firmware.connector(1)["energy_wh"] == energy
    firmware.plug(1)
    firmware.rfid("CARD1", 1)
    firmware.wait_for("session of a known card", lambda state: state["idTag"])
    csms.server.listen()
    stop = csms.expect("StopTransaction", timeout=10)
    assert (stop["transactionId"], stop["meterStop"]) == (1, energy)
    assert csms.received("BootNotification")[-1]["firmwareVersion"] == "99.0.0"
    assert csms.expect("StartTransaction", meterStart=energy)["idTag"] == "CARD1"
    csms.expect("StatusNotification", connectorId=2, status="Unavailable")
    (key,) = csms.call("GetConfiguration", {"key": ["ResetRetries"]})["configurationKey"]
    assert key["value"] == "7"
