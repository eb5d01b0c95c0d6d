"""The process: its starts and ends, wanted or not (architecture.md, Decisions; 1.6 5.14)."""

import pytest
from answers import SILENCE
from scenarios import charging


def test_ctrl_c(csms, station):
    """Ctrl-C is a clean end with status 0, and one line instead of a traceback (architecture.md, Decisions)."""
    firmware = charging(csms, station())
    firmware.interrupt()
    assert firmware.wait_exit(5) == 0


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
def test_reset_without_a_transaction(csms, station, kind):
    """5.14: Accepted, then a restart: exit status 75 (architecture.md, Decisions); the next start boots again."""
    firmware = station()
    firmware.expect_exit()
    assert csms.call("Reset", {"type": kind}) == {"status": "Accepted"}
    assert firmware.wait_exit() == 75
    firmware.start()
    csms.expect_boot()


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
def test_reset_in_a_transaction(csms, station, kind):
    """5.14, E 3.36, 7.36: each transaction is stopped with the reset's reason; Soft delivers that before the
    restart, Hard may do so after it. It is reported once, and the transaction is over."""
    firmware = charging(csms, station())
    firmware.expect_exit()
    assert csms.call("Reset", {"type": kind}) == {"status": "Accepted"}
    assert firmware.wait_exit() == 75
    if kind == "Soft":
        csms.expect("StopTransaction", reason="SoftReset", transactionId=1)
    firmware.start()
    csms.expect_boot()
    if kind == "Hard":
        csms.expect("StopTransaction", reason="HardReset", transactionId=1)
    assert firmware.connector()["transactionId"] is None
    firmware.wait("empty queue", lambda: firmware.status()["csms"]["queued"] == 0)
    assert len(csms.received("StopTransaction")) == 1


def test_a_stop_that_a_soft_reset_could_not_deliver(csms, station):
    """5.14: without StopTransaction.conf it is queued, and reported after the restart."""
    firmware = charging(csms, station())
    csms.strict.message_timeout = 30
    csms.on("StopTransaction", SILENCE)
    firmware.expect_exit()
    assert csms.call("Reset", {"type": "Soft"}) == {"status": "Accepted"}
    before = csms.expect("StopTransaction")
    firmware.kill()
    csms.default("StopTransaction")
    firmware.start()
    csms.expect_boot()
    assert csms.expect("StopTransaction") == before


def test_power_loss_in_a_transaction(csms, station):
    """The process ends at once, without an answer (testing.md, The simulated board); the transaction is stopped and
    reported, once, or still runs (architecture.md, Power cuts)."""
    firmware = charging(csms, station())
    start = csms.received("StartTransaction")[0]
    firmware.power_loss()
    assert firmware.wait_exit(2) != 0
    assert not csms.received("StopTransaction")
    firmware.start()
    csms.expect_boot()

    def settled():
        return firmware.connector()["transactionId"] == 1 or csms.received("StopTransaction", transactionId=1)

    firmware.wait("transaction", settled)
    firmware.wait("empty queue", lambda: firmware.status()["csms"]["queued"] == 0)
    for stop in csms.received("StopTransaction"):
        assert stop["meterStop"] >= start["meterStart"]
    assert len(csms.received("StopTransaction")) <= 1
    assert len(csms.transactions) == 1


def test_the_meter_survives_a_restart(csms, station):
    """E 3.78: a register is monotonic; what StopTransaction has reported is not taken back by a reset."""
    firmware = station()
    firmware.meter(123456)
    charging(csms, firmware)
    firmware.wait_for("energy", lambda state: state["energy_wh"] > 123457)
    firmware.expect_exit()
    csms.call("Reset", {"type": "Soft"})
    firmware.wait_exit()
    stop = csms.expect("StopTransaction")
    firmware.start()
    assert firmware.connector()["energy_wh"] >= stop["meterStop"] > 123456


def test_two_firmwares_do_not_share_anything(make_csms, make_firmware):
    """All state is below storage.path (owner.md, config.json)."""
    stations = [make_firmware(make_csms(identity=name)) for name in ("one", "two")]
    for number, firmware in enumerate(stations):
        firmware.start()
        firmware.csms.expect_boot()
        firmware.meter(1000 * number)
    assert [firmware.connector()["energy_wh"] for firmware in stations] == [0, 1000]
