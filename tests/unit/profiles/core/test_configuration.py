"""The configuration keys of the charge point (1.6 9.1, E 3.76 - 3.91)."""

from charging import Site, play
from helpers import folder, raises

from profiles import Profile


def test_a_change_shows_in_every_answer():
    """Whatever is kept of an answer: the next one has the new value."""

    async def story(site):
        for interval in ("10", "20"):
            await site.change(MeterValueSampleInterval=interval)
            for asked in ({}, {"key": ["metervaluesampleINTERVAL"]}):
                answer = await site.central.ask("GetConfiguration", **asked)
                values = {element["key"]: element["value"] for element in answer["configurationKey"]}
                assert values["MeterValueSampleInterval"] == interval
        await site.restart()
        assert site.engine.keys["MeterValueSampleInterval"] == 20

    play(story)


def test_answers_of_change_configuration():
    async def story(site):
        for name, value, status in (
            ("HeartbeatInterval", "0", "Accepted"),
            ("heartbeatinterval", "60", "Accepted"),
            ("HeartbeatInterval", "-1", "Rejected"),
            ("HeartbeatInterval", "soon", "Rejected"),
            ("NumberOfConnectors", "2", "Rejected"),
            ("SupportedFeatureProfiles", "Core", "Rejected"),
            ("ClockAlignedDataInterval", "900", "Accepted"),
            ("MaxEnergyOnInvalidId", "1000", "Accepted"),
            ("StopTransactionOnInvalidId", "False", "Accepted"),
            ("StopTransactionOnInvalidId", "no", "Rejected"),
            ("MeterValuesSampledData", "Energy.Active.Import.Register,SoC", "Rejected"),
            ("MeterValuesAlignedData", "Current.Import,Temperature", "Accepted"),
            ("StopTxnSampledData", "", "Accepted"),
            ("ConnectorPhaseRotation", "0.RST, 1.RST", "Accepted"),
            ("ConnectorPhaseRotation", "1.NotApplicable", "Accepted"),
            ("ConnectorPhaseRotation", "2.RST", "Rejected"),
            ("ConnectorPhaseRotation", "1.RRR", "Rejected"),
            ("ConnectorPhaseRotation", "RST", "Rejected"),
            ("WebSocketPingInterval", "0", "Accepted"),
            ("Nonsense", "1", "NotSupported"),
        ):
            answer = await site.central.ask("ChangeConfiguration", key=name, value=value)
            assert answer == {"status": status}, (name, value)

    play(story)


def test_wrong_first_values_end_the_start_with_the_reason():
    for keys, words in (
        ({"Nonsense": "1"}, ("ocpp.Nonsense", "no such key")),
        ({"ConnectionTimeOut": "soon"}, ("ConnectionTimeOut", "soon", "0 to 86400")),
        ({"MeterValuesSampledData": "SoC"}, ("MeterValuesSampledData", "SoC", "Voltage")),
        ({"SupportedFeatureProfiles": "Core,Magic"}, ("SupportedFeatureProfiles", "Magic", "Core")),
    ):
        error = str(raises(ValueError, lambda keys=keys: Site(folder("keys"), keys=keys)))
        assert all([word in error for word in words]), error


def test_a_profile_that_is_switched_off_does_not_answer():
    """What a charge point advertises is what works (architecture.md, Decisions)."""

    class Other(Profile):
        name = "Other"

    site = Site(folder("keys"))
    site.engine.keys.first = {"supportedfeatureprofiles": ("SupportedFeatureProfiles", "Other")}
    site.engine.keys.sources = []
    other = Other(site.core)
    other.keys = ("test_configuration",)
    from memory import load

    load("ocpp.engine.start").declare_keys(site.engine, (site.core, other))
    assert site.engine.profiles == [other]
    assert site.engine.keys["SupportedFeatureProfiles"] == ["Other"]


def declarations():
    return ()
