"""The configuration keys of the Smart Charging profile: what they say holds (1.6 9.4)."""

from key_rows import fixed
from charging_profiles import clear, composite, for_transaction, install, maximum, play, profile, put, until


def test_ChargeProfileMaxStackLevel():
    """9.4.1: that one too."""

    async def story(site):
        await fixed(site, "ChargeProfileMaxStackLevel", "20", "21")
        assert await put(site, 0, profile(16, level=20)) == "Accepted"
        assert await put(site, 0, profile(16, level=21)) == "Rejected"

    play(story)


def test_ChargingScheduleAllowedChargingRateUnit():
    """9.4.2, E 3.88."""

    async def story(site):
        await fixed(site, "ChargingScheduleAllowedChargingRateUnit", "Current,Power", "Current")
        assert await put(site, 0, maximum(16)) == await put(site, 0, maximum(6900, unit="W")) == "Accepted"

    play(story)


def test_ChargingScheduleMaxPeriods():
    """9.4.3."""

    async def story(site):
        await fixed(site, "ChargingScheduleMaxPeriods", "24", "25")
        for count, status in ((24, "Accepted"), (25, "Rejected")):
            asked = maximum(*[(60 * i, 10.5 + i % 3, 1 + i % 3) for i in range(count)], level=count - 20, start=0)
            assert await put(site, 0, asked) == status
        assert len(await composite(site, 0, 1440)) == 24

    play(story)


def test_MaxChargingProfilesInstalled():
    """9.4.5: one that takes the place of another fits always; so does one when another has ended meanwhile."""

    async def story(site):
        await fixed(site, "MaxChargingProfilesInstalled", "20", "21")
        for number in range(20):
            await install(site, number % 3, profile(16, id=number + 1, level=number, validTo=60))
        assert await put(site, 0, profile(20, id=21, level=20)) == "Rejected"
        asked = {"idTag": "A", "chargingProfile": for_transaction(6)}
        assert await site.central.ask("RemoteStartTransaction", **asked) == {"status": "Rejected"}
        assert await put(site, 0, profile(20, id=21, level=0, validTo=60)) == "Accepted"
        assert await put(site, 0, profile(20, id=21, level=20, validTo=60)) == "Accepted"
        await until(site, 60)
        assert await put(site, 0, profile(20, id=23, level=9)) == "Accepted"
        assert await clear(site) == "Accepted"

    play(story, connectors=2)


def test_ConnectorSwitch3to1PhaseSupported():
    """9.4.4: true where each connector with three phases can; elsewhere there is no such key (9)."""

    async def can(site):
        await fixed(site, "ConnectorSwitch3to1PhaseSupported", "true", "false")

    async def cannot(site):
        answer = await site.central.ask("GetConfiguration", key=["ConnectorSwitch3to1PhaseSupported"])
        assert answer["unknownKey"] == ["ConnectorSwitch3to1PhaseSupported"]

    play(can, connectors=2)
    play(cannot, board={"switches_phases": False})
    play(cannot, board={"phases": 1})
