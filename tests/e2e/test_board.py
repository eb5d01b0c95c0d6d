"""The whole firmware with board type esp32-devkitc-v4 on this PC: real drivers on the pins of tests/board."""

import json

import pytest
from esp32_board import BOARD, CONNECTOR, Esp32, InterruptedEsp32

UID = "04A21BC23D5E80"


@pytest.fixture
def board(make_firmware, csms):
    return make_firmware(csms, Esp32)


@pytest.fixture
def running(csms, board):
    board.start()
    csms.expect_boot()
    return board


def charge(csms, board, uid=UID):
    """A session begins with a card; the StartTransaction."""
    board.do(card=uid)
    csms.expect("Authorize", idTag=uid)
    board.drive("C", max_current=16)
    start = csms.expect("StartTransaction")
    board.do(card="")
    board.wait_status(1, "Charging")
    return start


def test_it_boots_and_tests_itself(csms, running):
    """POST: result in the log and in /api/status; the watchdog is on, the radio has its name."""
    state = running.wait_for("the self-test", lambda state: state["post"])
    assert state["post"] == "contactor=ok residual=ok pilot=ok proximity=ok meter=ok"
    assert any(state["post"] in line for line in running.lines)
    assert (state["status"], state["state"], state["contactor"]) == ("Available", "A", False)
    assert state["temperature_c"] == 25
    running.wait("network", lambda: running.status()["wifi"] == "home")
    seen = running.seen()
    assert "hostname carport" in seen and "watchdog 5000" in seen
    assert seen.index("timer 20") < seen.index("watchdog 5000"), "the safety loop runs as soon as the board is built"
    assert any("strapping pin" in line and "lock_a is 2" in line for line in running.lines)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_a_real_board_has_no_levers(running, method):
    """testing.md, The simulated board: what moves the simulated board is not there, with a body that would move it."""
    running.wait_for("the self-test", lambda state: state["post"])
    for path, body in (
        ("connectors/1/plug", {"state": "plugged"}),
        ("connectors/1/ev", {"state": "C"}),
        ("connectors/1/fault", {"errorCode": "GroundFailure"}),
        ("connectors/1/meter", {"energy_wh": 5}),
        ("rfid", {"idTag": "CARD"}),
        ("power", {"action": "loss"}),
    ):
        assert running.request(method, "/api/sim/" + path, body)[0] == 404
    state = running.connector()
    assert (state["status"], state["error"], state["state"]) == ("Available", "NoError", "A")


def test_a_session_with_a_card_and_a_meter_on_the_bus(csms, running):
    """The card by the chip's registers, current and energy by Modbus, the contactor by its mirror contact."""
    start = charge(csms, running)
    assert start["idTag"] == UID and start["connectorId"] == 1
    full = [16.0, 16.0, 16.0]
    state = running.wait_for("16 A", lambda state: state["power_w"] > 11000 and state["current_a"] == full)
    assert state["contactor"] and state["pwmOn"] and state["power_w"] <= 11050
    begun = state["energy_wh"]
    state = running.wait_for("energy", lambda state: state["energy_wh"] > begun)
    running.do(card=UID)  # the same card again
    stop = csms.expect("StopTransaction")
    assert stop["reason"] == "Local" and stop["idTag"] == UID and stop["meterStop"] >= state["energy_wh"]
    running.drive("A")
    running.do(card="")
    running.wait_status(1, "Available")
    assert not running.connector()["contactor"]


@pytest.mark.skipif(InterruptedEsp32.missing, reason="no MicroPython of 32 bits")
def test_sessions_that_are_interrupted_by_ticks(csms, make_firmware):
    """Fifty times a second, anywhere; messages and the page go on beside them, and nothing is lost."""
    board = make_firmware(csms, InterruptedEsp32).start()
    csms.expect_boot()
    for _ in range(3):
        start = charge(csms, board)
        for _ in range(10):
            assert csms.call("GetConfiguration", {})["configurationKey"]
            assert board.connector()["contactor"]
        csms.call("RemoteStopTransaction", {"transactionId": board.connector()["transactionId"]})
        stop = csms.expect("StopTransaction")
        assert stop["meterStop"] >= start["meterStart"] and stop["reason"] == "Remote"
        board.drive("A")
        board.wait_status(1, "Available")
        assert not board.connector()["contactor"]
    board.interrupt()
    assert board.wait_exit() == 0 and board.seen()[-2:] == ["timer off", "watchdog 600000"]


def test_light_and_buzzer(csms, running):
    """As hal/drivers/indicator.py and docs/owner.md have it, with a brightness of 10."""
    running.wait_seen("led (0, 10, 0)")  # Available
    charge(csms, running)
    running.wait_seen("led (0, 0, 10)")  # Charging
    assert "buzzer 1" in running.seen()
    running.break_down("GroundFailure")
    running.wait_seen("led (10, 0, 0)")  # Faulted
    csms.expect("StatusNotification", status="Faulted", errorCode="GroundFailure")


def test_the_button(csms, running):
    """A short press ends the session; 10 s and more of it reset what only the owner may reset."""
    charge(csms, running)
    running.do(level=[0, 0])
    csms.expect_none("StopTransaction", during=0.3)
    running.do(level=[0, 1])
    assert csms.expect("StopTransaction")["reason"] == "Local"


def test_a_latched_fault_ends_with_a_very_long_press(csms, running):
    running.break_down("PowerSwitchFailure")  # welded
    csms.expect("StatusNotification", status="Faulted", errorCode="PowerSwitchFailure")
    running.break_down("NoError")
    csms.expect_none("StatusNotification", during=1)
    running.do(level=[0, 0])
    csms.expect_none("StatusNotification", during=10.3)
    running.do(level=[0, 1])
    csms.expect("StatusNotification", status="Available", errorCode="NoError")


def test_a_reader_that_does_not_answer_is_a_warning(csms, board):
    """1.6 7.6: ReaderFailure; the connector still works, and the warning goes when the reader is back."""
    board.start()
    csms.expect_boot()
    board.do(reader=False)
    csms.expect("StatusNotification", connectorId=1, status="Available", errorCode="ReaderFailure", timeout=10)
    board.do(reader=True)
    csms.expect("StatusNotification", connectorId=1, status="Available", errorCode="NoError", timeout=10)
    charge(csms, board)


def test_wifi_lost_and_back_while_charging(csms, running):
    """Charging goes on, and the board joins again without a restart."""
    charge(csms, running)
    running.do(wifi=False)
    csms.drop()
    running.wait("loss", lambda: running.status()["wifi"] is None)
    state = running.connector()
    assert state["status"] == "Charging" and state["contactor"]
    running.do(wifi=True)
    running.wait("network", lambda: running.status()["wifi"] == "home")
    csms.wait("connection", lambda: csms.connected)
    assert running.connector()["contactor"] and len(csms.received("BootNotification")) == 1


def test_it_charges_offline(csms, board):
    """No network at all: a card that the central system has accepted before charges, and all is reported later."""
    board.start(ocpp={"LocalAuthorizeOffline": "true", "AuthorizationCacheEnabled": "true"})
    csms.expect_boot()
    charge(csms, board)
    board.drive("A")
    csms.expect("StopTransaction")
    board.wait_status(1, "Available")
    board.do(wifi=False)
    csms.server.handshake = "abort"
    csms.drop()
    board.do(card=UID)
    board.drive("C")
    board.wait_status(1, "Charging")
    assert board.connector()["contactor"]
    csms.server.handshake = "accept"
    board.do(wifi=True)
    csms.expect("StartTransaction", timeout=10)


def test_a_reset_is_one_of_the_machine(csms, running):
    """OCPP's Reset is machine.reset() on a board (architecture.md, Decisions); contactor open and timer off before."""
    charge(csms, running)
    running.expect_exit()
    assert csms.call("Reset", {"type": "Hard"}) == {"status": "Accepted"}
    assert running.wait_exit() == 75 and running.seen()[-2:] == ["timer off", "reset"]


def test_heap_when_booted_connected_and_charging(csms, running):
    """The log and /api/status show the free heap of each stage, and /api/status the least so far. A PC has no heap of
    ESP-IDF beside it, see tools/chip.py."""
    charge(csms, running)
    heap = running.wait("figures", lambda: "charging" in running.status()["heap"] and running.status()["heap"])
    stages = {name: heap.pop(name) for name in ("booted", "connected", "charging")}
    for stage, free in stages.items():
        assert free > 1000 and any("heap when %s: %d bytes free" % (stage, free) in line for line in running.lines)
    assert set(heap) == {"least"}
    assert heap["least"] is None or 0 < heap["least"] < 2 * max(stages.values())


def test_a_board_of_other_parts(csms, make_firmware):
    """One phase, tethered, the pilot on one pin, pulses counted in hardware, no reader and no light."""
    board = make_firmware(csms, Esp32)
    board.config["board"] = {"type": "esp32-devkitc-v4", "module": "wrover", "start_delay_s": 1}
    board.config["connectors"] = [{"phases": 1, "cable": "tethered", "pilot": {"reading": "sampled"},
                                   "meter": {"type": "pulse", "pulses_per_kwh": 10000}}]
    board.start()
    csms.expect_boot()
    board.drive("B")
    board.wait_status(1, "Preparing")
    assert csms.call("RemoteStartTransaction", {"idTag": "FAR", "connectorId": 1}) == {"status": "Accepted"}
    board.drive("C")
    state = board.wait_for("energy", lambda state: state["energy_wh"] > 1)
    assert state["contactor"] and state["post"] == "contactor=ok residual=ok pilot=ok proximity=none meter=ok"


def test_a_lost_thermometer(csms, board):
    """Nothing is known of the heat: Faulted (1.6 7.6)."""
    board.config["connectors"] = [{**CONNECTOR, "temperature": "ds18b20"}]
    board.config["board"] = {**BOARD, "buzzer": "none", "pins": {}}
    board.start()
    csms.expect("StatusNotification", status="Faulted", errorCode="OtherError", info="thermometer")
    assert board.connector()["temperature_c"] is None


def test_who_works_at_the_console_gets_time(running):
    """Ctrl-C: contactors open, and the watchdog, which cannot be stopped, waits for ten minutes."""
    running.interrupt()
    assert running.wait_exit() == 0
    assert running.seen()[-2:] == ["timer off", "watchdog 600000"] and "contactors open" in running.lines[-2]


WRONG = {
    "board.pins.contactor is 12, must be 4, 16": {"pins": {**BOARD["pins"], "contactor": 12}},
    "board.pins.led is 36, must be 0, 2": {"pins": {**BOARD["pins"], "led": 36}},
    "board.pins.contactor is 26, must be another than buzzer has": {"pins": {**BOARD["pins"], "buzzer": 26}},
    "board.pins.buzzer is missing": {"pins": {"lock_feedback": 14}},
    "board.pins.relay belongs to nothing": {"pins": {**BOARD["pins"], "relay": 4}},
}


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_pin_is_refused(make_firmware, told):
    """One line, status 78, and nothing was driven."""
    board = make_firmware(None, Esp32)
    board.config["board"] = {**BOARD, **WRONG[told]}
    board.launch(json.dumps(board.config))
    assert board.wait_exit() == 78
    assert sum(told in line for line in board.lines) == 1 and not board.crashes()
    assert not [line for line in board.seen() if line.startswith(("led", "buzzer"))]


def test_a_wrong_map_of_a_meter_is_refused(make_firmware):
    board = make_firmware(None, Esp32)
    meter = {"type": "modbus", "map": {"energy": {"register": 70000}}}
    board.config["connectors"] = [{**CONNECTOR, "meter": meter}]
    board.launch(json.dumps(board.config))
    assert board.wait_exit() == 78
    assert any("connectors[0].meter.map: energy.register is 70000, must be" in line for line in board.lines)


def test_the_simulated_board_runs_on_the_chip_too(make_firmware, csms):
    """A first try at the desk: no pin is touched, Wi-Fi and watchdog are real."""
    board = make_firmware(csms, Esp32)
    board.config["board"] = {"type": "sim"}
    board.config["connectors"] = [{}]
    board.start()
    csms.expect_boot()
    board.plug()
    board.rfid("CARD")
    board.ev("C")
    csms.expect("StartTransaction")
    board.wait_status(1, "Charging")
    assert board.status()["wifi"] == "home" and "watchdog 5000" in board.seen()
    board.expect_exit()
    board.power_loss()
    assert board.wait_exit() == 75
