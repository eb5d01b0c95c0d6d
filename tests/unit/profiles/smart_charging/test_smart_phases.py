# without coverage: the hours are long
"""Charging profiles for one or two phases of a three-phase connector (1.6 7.12 - 7.14, 9.4.4): a total in W is never
exceeded, phases are switched where they can be, and GetCompositeSchedule tells what really flows."""

from central_system import TIME
from charging_profiles import clear, composite, for_transaction, install, limit, maximum, play, profile

ONE_CONTACTOR = {"switches_phases": False}


def power(site):
    """What the cars draw, in W."""
    return sum([devices.meter.power_w for devices in site.board.connectors])


async def periods(site, number=1, unit="W"):
    answer = await site.central.ask("GetCompositeSchedule", connectorId=number, duration=600, chargingRateUnit=unit)
    return answer["chargingSchedule"]["chargingSchedulePeriod"]


async def stays_below(site, most, seconds):
    """Time passes, and at no moment more than `most` W flow."""
    for _ in range(seconds):
        for _ in range(50):
            TIME.ms += 20
            site.safety.step(TIME.ms)
            assert power(site) <= most, (power(site), TIME.ms)
            if site.evses[0].changed.is_set():
                await site.settle()
        for one in site.engine.profiles:
            one.check_time()
        await site.settle()


def test_a_total_is_divided_by_the_phases_where_they_cannot_be_switched():
    """Each purpose, each numberPhases."""

    async def story(site):
        await site.charge()
        for number, asked in ((1, profile), (0, profile), (1, for_transaction), (0, maximum)):
            for phases in (1, 2, 3):
                await install(site, number, asked((0, 4140, phases), unit="W"))
                assert limit(site) == 6, phases
                await site.run(6000)
                assert power(site) == 4140 and site.evses[0].phases == 3
                assert await composite(site, 1, 60) == [(0, 6)]
                told = await periods(site)
                assert told[0]["limit"] == 4140 and told[0].get("numberPhases", 3) == phases
                assert "numberPhases" not in (await periods(site, unit="A"))[0], "6 A flow on three phases"
            assert await clear(site) == "Accepted"

    play(story, board=ONE_CONTACTOR)


def test_a_total_too_small_for_three_phases_lets_nothing_flow():
    async def story(site):
        await site.charge()
        await install(site, 1, profile((0, 3680, 1), unit="W"))
        await site.run(8000)
        assert power(site) == 0 and site.core.connectors[0].status == "SuspendedEVSE"

    play(story, board=ONE_CONTACTOR)


def test_a_current_is_of_each_phase_and_reported_as_the_power_that_flows():
    """7.12, E 3.34: it is used as it is given; what is reported in W is of all phases that carry it."""

    async def story(site):
        await site.charge()
        for phases in (1, 2, 3):
            await install(site, 1, profile((0, 16, phases)))
            await site.run(6000)
            assert limit(site) == 16 and power(site) == 11040
            assert await periods(site, unit="A") == [{"startPeriod": 0, "limit": 16}]
            assert await periods(site) == [{"startPeriod": 0, "limit": 11040}]

    play(story, board=ONE_CONTACTOR)


def test_one_phase_is_switched_and_three_come_back():
    """Without an offer for a minute in between, and never more than either total."""

    async def story(site):
        await site.charge()
        evse = site.evses[0]
        await install(site, 1, profile((0, 6900), unit="W"))
        await site.run(6000)
        assert power(site) == 6900
        await install(site, 1, profile((0, 4140, 1), unit="W"))
        await stays_below(site, 4140, 3)
        assert not evse.pwm_on and not evse.contactor_closed and evse.phases == 3
        assert site.core.connectors[0].status == "SuspendedEVSE"
        await stays_below(site, 4140, 60)
        assert evse.phases == 1 and power(site) == 4140 and limit(site) == 18
        assert await periods(site) == [{"startPeriod": 0, "limit": 4140, "numberPhases": 1}]
        assert await periods(site, unit="A") == [{"startPeriod": 0, "limit": 18, "numberPhases": 1}]
        await install(site, 1, profile((0, 6900, 3), unit="W"))
        await stays_below(site, 6900, 380)
        assert evse.phases == 3 and power(site) == 6900
        assert await periods(site) == [{"startPeriod": 0, "limit": 6900}]
        assert site.core.connectors[0].transaction and not site.central.of("StopTransaction")

    play(story)


def test_a_current_for_one_phase_switches_too():
    async def story(site):
        await install(site, 1, profile((0, 16, 1)))
        await site.charge()
        await stays_below(site, 3680, 70)
        assert site.evses[0].phases == 1 and power(site) == 3680
        assert await periods(site) == [{"startPeriod": 0, "limit": 3680, "numberPhases": 1}]

    play(story)


def test_two_phases_cannot_be_switched_and_a_total_is_divided_by_three():
    async def story(site):
        await site.charge()
        await install(site, 1, profile((0, 8280, 2), unit="W"))
        await site.run(6000)
        assert site.evses[0].phases == 3 and power(site) == 8280 and limit(site) == 12
        assert await periods(site) == [{"startPeriod": 0, "limit": 8280, "numberPhases": 2}]

    play(story)


def test_a_profile_changes_its_phases_by_itself():
    """Each period has its own; what is reported in advance too."""

    async def story(site):
        await install(site, 1, profile((0, 11040), (100, 3680, 1), kind="Relative", unit="W"))
        await site.charge()
        assert await periods(site) == [{"startPeriod": 0, "limit": 11040}, {
            "startPeriod": 96, "limit": 3680, "numberPhases": 1}]
        await stays_below(site, 11040, 103)
        await stays_below(site, 3680, 70)
        assert site.evses[0].phases == 1 and power(site) == 3680

    play(story)


def test_without_profiles_a_connector_has_all_its_phases_again():
    async def story(site):
        await install(site, 1, profile((0, 16, 1)))
        await site.charge()
        await site.run(70000)
        assert site.evses[0].phases == 1
        await site.card("A", 1)
        await site.run(2000)
        site.board.plug(1, False)
        await site.run(1000)
        assert site.evses[0].phases == 1, "the next transaction needs no switching"
        assert await clear(site) == "Accepted"
        await site.run(1000)
        assert site.evses[0].phases == 3 and limit(site) == 32

    play(story)


def test_a_maximum_is_never_exceeded_by_two_connectors():
    """ChargePointMaxProfile in W with each numberPhases, with and without phases that can be switched (3.13.3)."""

    async def story(site):
        for phases in (1, 2, 3):
            await install(site, 0, maximum((0, 11040, phases), unit="W"))
            for number in (1, 2):
                await site.charge("ABC"[number], number)
            await site.run(80000)
            assert 9660 <= power(site) <= 11040, (phases, power(site))
            told = (await periods(site, 0))[0]
            assert told["limit"] <= 11040 and told.get("numberPhases", 3) == phases
            for number in (1, 2):
                await site.card("ABC"[number], number)
                await site.run(2000)
                site.board.plug(number, False)
                await site.run(1000)

    for board in ({}, ONE_CONTACTOR):
        play(story, connectors=2, board=board)
