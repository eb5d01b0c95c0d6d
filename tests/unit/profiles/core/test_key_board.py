"""Configuration keys that tell what the charge point is: a test for each, named after it (1.6 9.1)."""

from charging import Site, play
from helpers import folder, raises
from key_rows import fixed, put, row, shown

from hal.evse.machine import Evse
from sim_board import Board
from ocpp.keys import Keys
from ocpp.store import Store
from profiles.local_auth import LocalAuth

ROTATION = "ConnectorPhaseRotation"


def first_rotation(*phases):
    """The default for connectors with so many phases."""
    board = Board([{"phases": count} for count in phases])
    evses = [Evse(devices, n + 1, phases[n]) for n, devices in enumerate(board.connectors)]
    keys = Keys(Store(folder("keys")), {})
    keys.declare("profiles.core.configuration", evses)
    return list(keys.shown([ROTATION.lower()]))[0]["value"]


def absent(name, value):
    """A key that would configure nothing is not there (9), like any other that is unknown (5.3, 5.8)."""

    async def story(site):
        answer = await site.central.ask("GetConfiguration", key=[name, "NumberOfConnectors"])
        assert [element["key"] for element in answer["configurationKey"]] == ["NumberOfConnectors"]
        assert answer["unknownKey"] == [name]
        assert await put(site, name, value) == "NotSupported"

    play(story)


def test_ConnectorPhaseRotation():
    """9.1.7: one of eight values for each connector, and for 0, the charge point, if known."""

    async def story(site):
        values = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
        good = ["1.%s,2.%s" % (value, value) for value in values] + ["2.RTS", "0.TSR,1.STR,2.TRS", "0.RST,1.RST,2.RTS"]
        bad = ("", "RST", "1", "1.", ".RST", "1.RRR", "1.rst", "1.RST 2.RST", "1.RST;2.RST", "1.RST,", "1.RST,,2.RST",
               "3.RST", "1.RST,3.RST", "-1.RST", "x.RST", "1.RST,1.RST", "0.RST,1.RST,2.RST,2.RTS", "1.RST.RST")
        await row(site, ROTATION, "1.Unknown,2.Unknown", good, bad)
        assert await put(site, ROTATION, "0.RST, 1.RST, 2.RTS") == "Accepted", "as it is written in 9.1.7"
        assert (await shown(site, ROTATION))[0] == "0.RST,1.RST,2.RTS"

    play(story, connectors=2)


def test_ConnectorPhaseRotation_of_a_single_phase():
    """9.1.7: NotApplicable there, Unknown where nobody has said it."""
    assert first_rotation(1) == "1.NotApplicable"
    assert first_rotation(3, 1, 2) == "1.Unknown,2.NotApplicable,3.Unknown"


def test_ConnectorPhaseRotationMaxLength():
    """9.1.8: as many items are taken, one for each connector and one for the charge point."""

    async def story(site):
        await fixed(site, ROTATION + "MaxLength", "4", "5")
        items = ["%d.RST" % number for number in range(4)]
        assert await put(site, ROTATION, ",".join(items)) == "Accepted"
        assert await put(site, ROTATION, ",".join(items + ["3.RTS"])) == "Rejected"

    play(story, connectors=3)


def test_NumberOfConnectors():
    """9.1.21: without connector 0; each has a status of its own."""
    for count in (1, 2, 4):

        async def story(site, count=count):
            await fixed(site, "NumberOfConnectors", str(count), str(count + 1), "0")
            told = [payload["connectorId"] for payload in site.central.of("StatusNotification")]
            assert told == list(range(count + 1))

        play(story, connectors=count)
    raises(ValueError, lambda: Site(folder("keys"), keys={"NumberOfConnectors": "2"}))


def test_GetConfigurationMaxKeys():
    """9.1.9, 5.8: so many may be asked for at once; the owner may say fewer."""
    for first, most in (({}, 60), ({"GetConfigurationMaxKeys": "3"}, 3)):

        async def story(site, most=most):
            await fixed(site, "GetConfigurationMaxKeys", str(most), "10", "1000")
            names = ["NumberOfConnectors"] + ["unknown%d" % number for number in range(most - 1)]
            answer = await site.central.ask("GetConfiguration", key=names)
            assert len(answer["configurationKey"]) == 1 and sorted(answer["unknownKey"]) == sorted(names[1:])
            answer = await site.central.ask("GetConfiguration", key=names + ["ResetRetries"])
            assert answer == "OccurenceConstraintViolation"
            assert len((await site.central.ask("GetConfiguration"))["configurationKey"]) > 30, "all is another question"

        play(story, keys=first)


def test_SupportedFeatureProfiles():
    """9.1.29: honest in both directions: what is not in the list is not supported (OCPP-J 4.2.3)."""

    async def every(site):
        names = [profile.name for profile in site.engine.profiles]
        await fixed(site, "SupportedFeatureProfiles", ",".join(names), "Core", "")

    async def core(site):
        await fixed(site, "SupportedFeatureProfiles", "Core", "Core,SmartCharging", "")
        assert await site.central.ask("TriggerMessage", requestedMessage="Heartbeat") == "NotSupported"
        assert await site.central.ask("ClearCache") == {"status": "Accepted"}

    play(every, profiles=(LocalAuth,))
    play(core, keys={"SupportedFeatureProfiles": "Core"})


def test_read_only_figures_are_not_the_owners_to_choose():
    """What is advertised is what works."""
    for name in ("StopTransactionMaxMeterValues", "MeterValuesSampledDataMaxLength", ROTATION + "MaxLength"):
        assert name in str(raises(ValueError, lambda name=name: Site(folder("keys"), keys={name: "1000"})))


def test_BlinkRepeat():
    """9.1.4: there is no light that blinks."""
    absent("BlinkRepeat", "3")


def test_LightIntensity():
    """9.1.11: there is no light."""
    absent("LightIntensity", "50")


def test_SupportedFeatureProfilesMaxLength():
    """9.1.30, E 3.81: need not be there, for that list cannot be written."""
    absent("SupportedFeatureProfilesMaxLength", "6")
