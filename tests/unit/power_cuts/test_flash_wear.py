# micropython only: it has littlefs
"""How long the flash lasts when there is always a session (architecture.md, Power cuts): 2 MB of littlefs, 100,000
erases a block."""

from central_system import TIME
from flash import Flash
from power_cuts import Recording, ResumedCentral

_LIFE = 512 * 100000  # erases
_LEVELLING = 1.5  # the block that is erased most, against the mean, with a sixth of the blocks at rest under the code
_HOURS_A_YEAR = 8766
_BLOCKS = 64


class EndlessSessions(Recording):
    """A charge point over flash of which a sixth is taken, with `keys` beside the defaults."""

    def __init__(self, **keys):
        flash = Flash(_BLOCKS)
        flash.format()
        flash.mount()
        for index in range(_BLOCKS // 6):
            with open("/flash/%d.mpy" % index, "wb") as file:
                file.write(bytes(1500))
        super().__init__(flash, ResumedCentral(), False)
        self.keys = keys
        self.central.answers["StartTransaction"] = {"transactionId": 123456789, "idTagInfo": {"status": "Accepted"}}

    def years(self, sessions, seconds=3600, online=True):
        """One session after the other at connector 1, each of `seconds` with the break after it."""
        TIME.ms = 0

        async def always(site):
            await site.start()
            self.before = self.counts()
            if not online:
                site.central.lose()
            for _ in range(sessions):
                await site.charge("A", 1)
                await site.wait(seconds - 5)
                site.board.plug(1, False)
                await site.run(1000)

        self.play(always)
        hours = sessions * seconds / 3600
        erases, writes = [(after - before) / hours for before, after in zip(self.before, self.counts())]
        years = _LIFE / _LEVELLING / erases / _HOURS_A_YEAR
        figures = "%d erases/h, %d writes/h, %.1f years" % (erases, writes, years)
        print("flash wear, %s, %s: %s" % ("online" if online else "offline", self.keys, figures))
        return years

    def counts(self):
        return sum(self.flash.erases), self.site.engine.store.writes


def test_flash_lasts_online():
    assert EndlessSessions().years(6) > 20


def test_flash_lasts_offline():
    assert EndlessSessions(AllowOfflineTxForUnknownId="true").years(3, online=False) > 20


def test_flash_wear_of_frequent_samples():
    """It grows as the number of samples does, not faster."""
    per_minute = EndlessSessions().years(1)
    for interval in (10, 1):
        years = EndlessSessions(MeterValueSampleInterval=str(interval)).years(1, 60 * interval)
        assert years > per_minute * interval / 60 / 2, (interval, years)
