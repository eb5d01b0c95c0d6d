"""Short of memory, or with a flash that fails, limits hold as they are and are worked out again (1.6 3.13)."""

from ocpp import log
from memory import load
from charging_profiles import install, limit, limits, maximum, play, profile, until


class Shortage:
    """limits.apply() fails as often as wanted with `error`."""

    def __init__(self, error):
        self.error, self.left, self.failed = error, 0, 0
        module = load("profiles.smart_charging.stored")
        self._read = module.read
        module.read = self.read

    def read(self, *args):
        if self.left:
            self.left -= 1
            self.failed += 1
            raise self.error
        return self._read(*args)

    def end(self):
        load("profiles.smart_charging.stored").read = self._read


def short(story, **options):
    """Play `story(site, shortage)` for want of memory, and for a flash that cannot be read."""
    for error in (MemoryError(), OSError(5)):

        async def with_shortage(site, error=error):
            shortage = Shortage(error)
            log.exception = lambda text, error: None
            try:
                await story(site, shortage)
            finally:
                shortage.end()
                log.exception = site.unexpected

        play(with_shortage, **options)


def test_the_last_limit_holds_and_is_worked_out_again():
    """Of each connector; the new one comes with the next second that has memory."""

    async def story(site, shortage):
        for number in (1, 2):
            await site.charge("ABC"[number], number)
        await install(site, 0, maximum(26, (100, 20), start=0))
        assert limits(site) == [13, 13]
        await until(site, 99)
        shortage.left = 1000
        for _ in range(4):
            await site.wait(1)
            assert limits(site) == [13, 13], "the last ones hold"
        assert shortage.failed >= 4
        shortage.left = 0
        await site.wait(1)
        assert limits(site) == [10, 10]
        assert [connector.status for connector in site.core.connectors] == ["Charging"] * 2

    short(story, connectors=2)


def test_a_limit_is_never_zero_for_want_of_memory_when_a_profile_comes():
    async def story(site, shortage):
        await site.charge()
        shortage.left = 1000
        await install(site, 1, profile(10))
        assert limit(site) == 32, "nothing had limited it"
        shortage.left = 0
        await site.wait(1)
        assert limit(site) == 10
        shortage.left = 1000
        await install(site, 1, profile(12))
        assert limit(site) == 10
        shortage.left = 0
        await site.wait(1)
        assert limit(site) == 12

    short(story)


def test_a_transaction_that_has_no_limit_yet_waits_for_it():
    """It has none that could hold: until it is worked out nothing is offered, and the other one goes on."""

    async def story(site, shortage):
        await install(site, 0, maximum(20, id=2), profile(12))
        await site.charge("A", 1)
        assert limits(site) == [12, 20]
        shortage.left = 1000
        await site.charge("B", 2)
        assert site.core.connectors[1].transaction and shortage.failed and limits(site) == [12, 0]
        assert site.core.connectors[1].status == "SuspendedEVSE"
        shortage.left = 0
        await site.wait(1)
        assert limits(site) == [10, 10]
        await site.run(3000)
        assert site.core.connectors[1].status == "Charging"

    short(story, connectors=2)
