"""All configuration keys: which there are, how they are read and written (1.6 5.3, 5.8, 9)."""

import os

import charging

from profiles.local_auth import LocalAuth
from profiles.smart_charging import SmartCharging

REQUIRED, OPTIONAL, ABSENT = "required", "optional", "absent"
BOOLEAN, INTEGER, LIST = "boolean", "integer", "list"

# 1.6 9.1 with E 3.77 - 3.91 and OCPP-J 7: name, required?, may it be written, type. A key is optional where this
# charge point may do without; absent: it has no light (9.1.4, 9.1.11), and what is read-only needs no MaxLength
# (E 3.81). An optional key is there only with what it configures (9).
CORE = (
    ("AllowOfflineTxForUnknownId", OPTIONAL, True, BOOLEAN),
    ("AuthorizationCacheEnabled", OPTIONAL, True, BOOLEAN),
    ("AuthorizeRemoteTxRequests", REQUIRED, True, BOOLEAN),
    ("BlinkRepeat", ABSENT, True, INTEGER),
    ("ClockAlignedDataInterval", REQUIRED, True, INTEGER),
    ("ConnectionTimeOut", REQUIRED, True, INTEGER),
    ("ConnectorPhaseRotation", REQUIRED, True, LIST),
    ("ConnectorPhaseRotationMaxLength", OPTIONAL, False, INTEGER),
    ("GetConfigurationMaxKeys", REQUIRED, False, INTEGER),
    ("HeartbeatInterval", REQUIRED, True, INTEGER),
    ("LightIntensity", ABSENT, True, INTEGER),
    ("LocalAuthorizeOffline", REQUIRED, True, BOOLEAN),
    ("LocalPreAuthorize", REQUIRED, True, BOOLEAN),
    ("MaxEnergyOnInvalidId", OPTIONAL, True, INTEGER),
    ("MessageTimeout", OPTIONAL, True, INTEGER),
    ("MeterValuesAlignedData", REQUIRED, True, LIST),
    ("MeterValuesAlignedDataMaxLength", OPTIONAL, False, INTEGER),
    ("MeterValuesSampledData", REQUIRED, True, LIST),
    ("MeterValuesSampledDataMaxLength", OPTIONAL, False, INTEGER),
    ("MeterValueSampleInterval", REQUIRED, True, INTEGER),
    ("MinimumStatusDuration", OPTIONAL, True, INTEGER),
    ("NumberOfConnectors", REQUIRED, False, INTEGER),
    ("ResetRetries", REQUIRED, True, INTEGER),
    ("StopTransactionMaxMeterValues", OPTIONAL, False, INTEGER),
    ("StopTransactionOnEVSideDisconnect", OPTIONAL, True, BOOLEAN),
    ("StopTransactionOnInvalidId", REQUIRED, True, BOOLEAN),
    ("StopTxnAlignedData", REQUIRED, True, LIST),
    ("StopTxnAlignedDataMaxLength", OPTIONAL, False, INTEGER),
    ("StopTxnSampledData", REQUIRED, True, LIST),
    ("StopTxnSampledDataMaxLength", OPTIONAL, False, INTEGER),
    ("SupportedFeatureProfiles", REQUIRED, False, LIST),
    ("SupportedFeatureProfilesMaxLength", ABSENT, False, INTEGER),
    ("TransactionMessageAttempts", REQUIRED, True, INTEGER),
    ("TransactionMessageRetryInterval", REQUIRED, True, INTEGER),
    ("UnlockConnectorOnEVSideDisconnect", REQUIRED, True, BOOLEAN),
    ("WebSocketPingInterval", OPTIONAL, True, INTEGER),
)
# 1.6 9.2.
LOCAL_AUTH = (
    ("LocalAuthListEnabled", REQUIRED, True, BOOLEAN),
    ("LocalAuthListMaxLength", REQUIRED, False, INTEGER),
    ("SendLocalListMaxLength", REQUIRED, False, INTEGER),
)
# 1.6 9.4; the simulated board has a contactor of its own for L2 and L3.
SMART_CHARGING = (
    ("ChargeProfileMaxStackLevel", REQUIRED, False, INTEGER),
    ("ChargingScheduleAllowedChargingRateUnit", REQUIRED, False, LIST),
    ("ChargingScheduleMaxPeriods", REQUIRED, False, INTEGER),
    ("ConnectorSwitch3to1PhaseSupported", OPTIONAL, False, BOOLEAN),
    ("MaxChargingProfilesInstalled", REQUIRED, False, INTEGER),
)
ALL = CORE + LOCAL_AUTH + SMART_CHARGING


def play(story, **options):
    charging.play(story, profiles=(LocalAuth, SmartCharging), **options)


async def all_keys(site):
    """name -> element of the answer to a GetConfiguration.req without keys."""
    answer = await site.central.ask("GetConfiguration")
    assert list(answer) == ["configurationKey"]
    elements = {element["key"]: element for element in answer["configurationKey"]}
    assert len(elements) == len(answer["configurationKey"]), "a key is there twice"
    return elements


def fits(text, kind):
    if kind == BOOLEAN:
        return text in ("true", "false")
    if kind == INTEGER:
        return text.isdigit()
    return "" not in text.split(",") or text == ""


def test_these_keys_and_no_others():
    async def story(site):
        elements = await all_keys(site)
        for name, presence, writable, kind in ALL:
            element = elements.pop(name, None)
            assert element or presence != REQUIRED, name + " is missing"
            assert not element or presence != ABSENT, name + " configures nothing"
            if element:
                assert element["readonly"] is not writable, name
                assert fits(element["value"], kind), element
        assert not elements, "not in the table: %s" % list(elements)

    play(story, connectors=2)


def test_what_is_shown_is_taken_back_unless_it_is_read_only():
    """5.3: whatever is in effect is allowed, takes no reboot, and changes nothing."""

    async def story(site):
        elements = await all_keys(site)
        for name, element in elements.items():
            expected = {"status": "Rejected" if element["readonly"] else "Accepted"}
            assert await site.central.ask("ChangeConfiguration", key=name, value=element["value"]) == expected, name
        assert await all_keys(site) == elements

    play(story, connectors=2)


def test_each_key_by_its_name():
    """5.8: one by one they show what all together do; a name counts in any case (6.23, CiString50)."""

    async def story(site):
        for name, element in (await all_keys(site)).items():
            for asked in (name, name.upper()):
                assert await site.central.ask("GetConfiguration", key=[asked]) == {"configurationKey": [element]}

    play(story)


def test_known_and_unknown_keys_together():
    async def story(site):
        asked = ["Nonsense", "ResetRetries", "nothing", "NumberOfConnectors"]
        answer = await site.central.ask("GetConfiguration", key=asked)
        assert sorted([element["key"] for element in answer["configurationKey"]]) == ["NumberOfConnectors",
                                                                                     "ResetRetries"]
        assert sorted(answer["unknownKey"]) == ["Nonsense", "nothing"]
        everything = await site.central.ask("GetConfiguration", key=[])
        assert len(everything["configurationKey"]) == len(await all_keys(site)), "an empty list asks for all"

    play(story)


def sources(folder):
    """The texts of the tests of keys in this folder and below."""
    for name in os.listdir(folder):
        path = folder + "/" + name
        if name.startswith("test_key_"):
            with open(path) as source:
                yield source.read()
        elif "." not in name and name != "__pycache__":
            yield from sources(path)


def test_each_key_has_a_test_named_after_it():
    texts = list(sources("tests/unit"))
    for name, _, _, _ in ALL:
        assert any(["def test_%s():" % name in text for text in texts]), name
