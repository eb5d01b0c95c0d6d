"""Where other charge points have failed (reference/ocpp16.md, section 3), by the letters it gives them."""

from central_system import TIME, stamp
from charging_profiles import composite, for_transaction, install, limit, maximum, play, profile


def test_defect_A_a_profile_at_the_highest_stack_level_survives_a_restart():
    """E 3.37, 9.4.1."""

    async def story(site):
        shown = await site.central.ask("GetConfiguration", key=["ChargeProfileMaxStackLevel"])
        highest = int(shown["configurationKey"][0]["value"])
        await install(site, 0, maximum(13, level=highest))
        assert limit(site) == 13
        await site.restart()
        assert limit(site) == 13
        assert await composite(site) == [(0, 13)]

    play(story)


def test_defect_B_a_limit_ends_at_validTo():
    """7.8: also where nothing else would change then."""

    async def story(site):
        await site.charge()
        await install(site, 1, profile(16, validTo=100), profile(20, level=1, id=2, validTo=60))
        assert await composite(site, duration=200) == [(0, 20), (60 - now(), 16), (100 - now(), 32)]
        for moment in range(now() + 1, 120):
            await site.wait(1)
            assert limit(site) == (20 if moment < 60 else 16 if moment < 100 else 32), moment

    def now():
        return TIME.ms // 1000

    play(story)


def test_defect_C_minChargingRate_survives_a_restart():
    """7.13: reported by GetCompositeSchedule, and who has less waits for more."""

    async def told(site):
        answer = await site.central.ask("GetCompositeSchedule", connectorId=1, duration=60)
        return answer["chargingSchedule"]["minChargingRate"]

    async def story(site):
        await install(site, 1, profile(14, least=8.1))
        assert await told(site) == 8.1
        await site.restart()
        assert await told(site) == 8.1

    play(story)


def test_defect_E_an_offset_from_UTC_counts():
    """E 3.10, 1.6 3.15: 00:01:00 UTC is 02:01 or, with the fraction, 21:31 elsewhere."""

    async def story(site):
        await site.charge()
        for start in ("2026-03-01T02:01:00+02:00", "2026-02-28T21:31:00.500-02:30"):
            await site.central.ask("ClearChargingProfile")
            await install(site, 1, profile(10, start=start, validTo="2026-03-01T02:02:00+02:00"))
            ahead = 60 - TIME.ms // 1000
            assert await composite(site, duration=600) == [(0, 32), (ahead, 10), (ahead + 60, 32)]
        assert stamp(60) == "2026-03-01T00:01:00Z"

    play(story)


def test_defect_H_a_higher_level_takes_over_when_it_becomes_valid():
    """3.13.2: at that second, while a lower one goes on to a later period."""

    async def story(site):
        await site.charge()
        low = for_transaction(16, (60, 14), level=0, start=0)
        await install(site, 1, low, for_transaction(10, level=1, id=2, validFrom=30, validTo=90))
        for moment in range(TIME.ms // 1000 + 1, 100):
            await site.wait(1)
            assert limit(site) == (16 if moment < 30 else 10 if moment < 90 else 14), moment

    play(story)
