"""Several things wrong at once: the gravest shows, each change is reported once (1.6 4.9, 7.6)."""

from charging import play


class Sensor:
    """Thermometer and residual current monitor of a connector, in the hands of the test."""

    prove = None

    def __init__(self, devices):
        self.hot = self.leaking = False
        self.deciamps = devices.proximity.deciamps
        devices.temperature = devices.residual = self

    def celsius(self):
        return 90 if self.hot else 25

    def tripped(self):
        return self.leaking


def errors(site):
    """The errors of connector 1 that the central system has received since the start."""
    return site.told()[1:]


def test_a_soft_error_is_muted_while_a_harder_one_is_there():
    """Rising: each is reported; falling: what is left is reported again; NoError at the end."""

    async def story(site):
        sensor = Sensor(site.board.connectors[0])
        site.board.fault(1, "WeakSignal")
        await site.run(2000)
        sensor.hot = True
        await site.run(3000)
        sensor.leaking = True
        await site.run(1000)
        assert errors(site) == ["Available WeakSignal", "Faulted HighTemperature", "Faulted GroundFailure"]
        sensor.leaking = False
        await site.run(62000)
        assert errors(site)[3:] == ["Faulted HighTemperature"]
        sensor.hot = False
        await site.run(8000)
        assert errors(site)[4:] == ["Available WeakSignal"]
        site.board.fault(1, None)
        await site.run(1000)
        assert errors(site)[5:] == ["Available"]

    play(story)


def test_a_softer_error_that_comes_and_goes_meanwhile_is_not_reported():
    async def story(site):
        sensor = Sensor(site.board.connectors[0])
        sensor.leaking = True
        await site.run(1000)
        site.board.fault(1, "WeakSignal")
        sensor.hot = True
        await site.run(3000)
        sensor.hot = False
        await site.run(8000)
        assert errors(site) == ["Faulted GroundFailure"]
        sensor.leaking = False
        await site.run(62000)
        assert errors(site) == ["Faulted GroundFailure", "Available WeakSignal"]

    play(story)


def test_errors_within_a_transaction():
    """A soft one beside Charging, a hard one as Faulted; the transaction outlives both and charges again."""

    async def story(site):
        sensor = Sensor(site.board.connectors[0])
        connector = await site.charge()
        begun = len(site.told())
        site.board.fault(1, "WeakSignal")
        await site.run(2000)
        assert site.evses[0].contactor_closed
        sensor.hot = True
        await site.run(8000)
        assert not site.evses[0].contactor_closed and connector.transaction
        sensor.hot = False
        await site.run(15000)
        assert site.evses[0].contactor_closed
        site.board.fault(1, None)
        await site.run(1000)
        told = [one for one in site.told()[begun:] if not one.startswith("Suspended")]
        assert told == ["Charging WeakSignal", "Faulted HighTemperature", "Charging WeakSignal", "Charging"], told
        assert not site.central.of("StopTransaction")

    play(story)


def test_what_comes_and_goes_offline_is_reported_as_it_is_at_reconnection():
    """Neither history nor duplicates after having been offline (4.9)."""

    async def story(site):
        sensor = Sensor(site.board.connectors[0])
        site.board.fault(1, "WeakSignal")
        await site.run(2000)
        count = len(site.told())
        for hot in (True, False):
            site.central.lose()
            sensor.hot = True
            await site.run(3000)
            sensor.hot = hot
            await site.run(8000)
            site.central.back()
            await site.settle()
            assert site.told()[count:] == (["Faulted HighTemperature"] if hot else [])
            sensor.hot = False
            await site.run(8000)
            count = len(site.told())

    play(story)
