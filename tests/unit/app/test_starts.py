"""Each start is counted, and is a security event: with its cause, another version of the firmware, an accident."""

from helpers import replaced
from security_log import SecurityLog

from app import starts
from ocpp import log


def asked(note, version="1.0.0", cause="the power came on"):
    """The events of `note(engine)`."""
    with SecurityLog("starts") as kept:
        kept.begin()
        kept.engine.clock.now = lambda: 1000
        with replaced(starts, VERSION=version, _cause=lambda: cause), replaced(log, warning=lambda *what: None):
            note(kept.engine)
        return [what[1:] for what in kept.engine.asked]


def test_a_start_is_an_event_with_its_cause():
    assert asked(lambda engine: starts.note(engine, None)) == [
        ("StartupOfTheDevice", "firmware 1.0.0: the power came on")]


def test_a_restart_that_nobody_wanted_is_an_event():
    ended = "the last run ended: MemoryError()"
    assert asked(lambda engine: starts.note(engine, "MemoryError()")) == [
        ("ResetOrReboot", ended), ("StartupOfTheDevice", "firmware 1.0.0: " + ended)]
    assert [kind for kind, _ in asked(lambda engine: starts.note(engine, None), cause="the watchdog")] == [
        "ResetOrReboot", "StartupOfTheDevice"]


def test_another_version_is_an_event():
    def note(engine):
        engine.store.save("starts", [4, [[900, "the power came on", "0.9.0"]]])
        starts.note(engine, None)
        starts.note(engine, None)

    found = asked(note)
    assert [kind for kind, _ in found] == ["StartupOfTheDevice", "FirmwareUpdated", "StartupOfTheDevice"]
    assert found[1][1] == "from version 0.9.0 to 1.0.0"
