"""New versions on trial: a good one stays, one that crashes, hangs, or does not get to the central system gives way to
the old one, which says why; what was on flash is complete."""

import pytest
from new_versions import VERSION, Flash, new_version, source
from scenarios import charging

CRASH = "raise ValueError('of the new version')\n"
EAT = "a = []\nwhile True:\n    a.append(bytes(500))\n"
LOOP = "while True:\n    pass\n"
NO_TICKS = "class TaskTimer:\n    PERIODIC = 1\n    def init(self, **named):\n        pass\n    deinit = init\n"
REFUSE = "class ConfigError(ValueError):\n    pass\ndef load(path):\n    raise ConfigError('no')\n"


def at_start_of(path, function, text):
    """The source in `path` with `text` as the first lines of this function."""
    head = source(path).split("def %s(" % function)[1].split("\n")[0] + "\n"
    return {path: source(path, (head, head + "".join("    %s\n" % line for line in text.strip().split("\n"))))}


ENDS = 75, 1  # there may be no memory to say why: then on a board the watchdog ends it
# Sources of a new version, how its starts end ("killed" as by the watchdog), and the reason that is reported.
BAD = {
    "crashes at import": ({"app/__init__.py": CRASH}, 75, "ValueError('of the new version',)"),
    "ends at import": ({"app/__init__.py": "raise SystemExit\n"}, 0, "not confirmed in 2 starts"),
    "loops at import": ({"app/__init__.py": LOOP}, "killed", "not confirmed in 2 starts"),
    "eats memory at import": ({"app/__init__.py": EAT}, ENDS, ("MemoryError", "not confirmed in 2 starts")),
    "raises when it runs": (at_start_of("app/startup.py", "start", CRASH), 75, "ValueError('of the new version',)"),
    "eats memory when it runs": (at_start_of("app/startup.py", "start", EAT), 75, "MemoryError"),
    "hangs when it runs": (at_start_of("app/startup.py", "start", LOOP), "killed", "not confirmed in 2 starts"),
    "never connects": (at_start_of("ocpp/websocket/handshake.py", "open_stream", "raise OSError(113)"), 75,
                       "not accepted by the central system in 2 s"),
    "does not tick": ({"hal/sim/task_timer.py": NO_TICKS}, 75, "the safety loop failed in 2 s"),
    "refuses the configuration": ({"config/loader.py": REFUSE}, 78, "not confirmed in 2 starts"),
}


@pytest.fixture
def flash(firmware, tmp_path):
    """A flash of its own for `firmware`."""
    flash = Flash(tmp_path / "flash")
    firmware.build = flash.folder
    return flash


@pytest.mark.parametrize("what", BAD)
def test_a_bad_version_gives_way_to_the_old_one(csms, firmware, flash, tmp_path, what):
    sources, end, reason = BAD[what]
    firmware.crashes = lambda: []  # what is looked for at the end of each test is meant here
    firmware.start()
    csms.expect_boot()
    old = firmware.status()["firmware"]
    assert csms.call("ChangeConfiguration", {"key": "ResetRetries", "value": "7"}) == {"status": "Accepted"}
    charging(csms, firmware)
    csms.server.stop_listening()
    csms.drop()
    firmware.rfid("CARD1", 1)
    firmware.wait_status(1, "Finishing")
    energy = firmware.connector(1)["energy_wh"]
    firmware.kill()

    flash.install(new_version(tmp_path / "new", **sources))
    for start in (1, 2):
        seen = len(firmware.lines)
        firmware.start(wait=False)
        firmware.expect_exit()
        text = "on trial, start %d of 2" % start
        firmware.wait("the start", lambda text=text, seen=seen: said(firmware, text, seen))
        if end == "killed":
            assert flash.starts() == ("firmware.b", {"trial": start, "version": VERSION, "reason": ""})
            firmware.kill()
        else:
            assert firmware.wait_exit(10) in (ENDS if end == ENDS else (end,)), firmware.report()

    csms.server.listen()
    seen = len(firmware.lines)
    firmware.start()
    assert firmware.status()["firmware"] == old
    stop = csms.expect("StopTransaction", timeout=10)
    assert (stop["transactionId"], stop["meterStop"]) == (1, energy)
    assert csms.received("BootNotification")[-1]["firmwareVersion"] == old
    (key,) = csms.call("GetConfiguration", {"key": ["ResetRetries"]})["configurationKey"]
    assert key["value"] == "7"
    reasons = reason if isinstance(reason, tuple) else (reason,)
    (line,) = said(firmware, "the update to version 99.0.0 failed: ", seen)
    assert any("failed: " + text in line for text in reasons), firmware.report()
    firmware.kill()
    assert flash.starts()[0] == "firmware.a"
    told = flash.result()
    assert (told["outcome"], told["version"]) == ("InstallationFailed", VERSION)
    assert any(text in told["reason"] for text in reasons)


def said(firmware, text, since=0):
    return [line for line in firmware.lines[since:] if text in line]


def test_a_good_version_stays_when_it_is_confirmed(csms, firmware, flash, tmp_path):
    flash.install(new_version(tmp_path / "new"))
    firmware.start()
    csms.expect_boot()
    assert firmware.status()["firmware"] == VERSION
    firmware.wait("the confirmation", lambda: said(firmware, "the version on trial is confirmed"))
    assert flash.starts() == ("firmware.b", {"outcome": "Installed", "version": VERSION, "reason": ""})
    for _ in range(3):
        seen = len(firmware.lines)
        firmware.restart()
        csms.expect_boot()
        assert firmware.status()["firmware"] == VERSION and not said(firmware, "on trial", seen)
    assert said(firmware, "version 99.0.0: Installed", seen)
    firmware.kill()
    assert flash.result() == {"outcome": "Installed", "version": VERSION, "reason": ""}


def test_a_power_cut_before_the_confirmation_is_no_failure(csms, firmware, flash, tmp_path):
    csms.server.stop_listening()
    flash.install(new_version(tmp_path / "new"))
    firmware.start()
    firmware.power_loss()
    csms.server.listen()
    firmware.start()
    firmware.wait("the confirmation", lambda: said(firmware, "the version on trial is confirmed"))
    assert said(firmware, "on trial, start 2 of 2")
    firmware.restart()
    csms.expect_boot()
    assert firmware.status()["firmware"] == VERSION


def test_an_update_over_an_update_keeps_the_one_that_works(csms, firmware, flash, tmp_path):
    """The slots take turns."""
    flash.install(new_version(tmp_path / "new"))
    firmware.start()
    csms.expect_boot()
    firmware.wait("the confirmation", lambda: said(firmware, "the version on trial is confirmed"))
    firmware.kill()
    sources, _, reason = BAD["crashes at import"]
    firmware.crashes = lambda: []
    flash.install(new_version(tmp_path / "newer", **sources))
    assert flash.starts()[0] == "firmware.a"
    for _ in range(2):
        firmware.expect_exit()
        firmware.start(wait=False)
        assert firmware.wait_exit() == 75
    firmware.start()
    csms.expect_boot()
    assert firmware.status()["firmware"] == VERSION and flash.starts()[0] == "firmware.b"
