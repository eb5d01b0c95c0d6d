"""When meter values are taken, and what they carry (1.6 3.16, 4.7, 9.1, E 3.14 - 3.16, 3.78)."""

from charging import play

SAMPLED = {"MeterValueSampleInterval": "10", "MeterValuesSampledData": "Energy.Active.Import.Register,Voltage"}
ALIGNED = {"ClockAlignedDataInterval": "60", "MeterValuesAlignedData": "Energy.Active.Import.Register,Current.Import",
           "MeterValueSampleInterval": "0"}


def values(site, number=1):
    """(timestamp's minutes and seconds, context, transactionId or None, [value, ...]) of each MeterValues.req."""
    found = []
    for payload in site.central.of("MeterValues"):
        if payload["connectorId"] == number:
            for element in payload["meterValue"]:
                sampled = element["sampledValue"]
                texts = [value["value"] for value in sampled]
                found.append((element["timestamp"][14:19], sampled[0]["context"], payload.get("transactionId"), texts))
    return found


def test_samples_of_a_transaction():
    async def story(site):
        await site.wait(30)
        await site.charge()
        await site.wait(35)
        found = values(site)
        assert [minute for minute, _, _, _ in found] == ["00:40", "00:50", "01:00"]
        assert {(context, identity) for _, context, identity, _ in found} == {("Sample.Periodic", 101)}
        assert [len(texts) for _, _, _, texts in found] == [4, 4, 4]
        await site.card("A", 1)
        await site.wait(30)
        assert len(values(site)) <= 4, "none after its end"

    play(story, keys=SAMPLED)


def test_no_samples_when_switched_off():
    for keys in ({"MeterValueSampleInterval": "0"}, {"MeterValueSampleInterval": "5", "MeterValuesSampledData": ""}):

        async def story(site):
            await site.charge()
            await site.wait(30)
            assert values(site) == []

        play(story, keys=keys)


def test_register_is_on_flash_before_it_is_told():
    """E 3.78: it never runs backwards, so what was told must be there after a power cut."""

    async def story(site):
        def answer(payload):
            told.append(int(payload["meterValue"][0]["sampledValue"][0]["value"]))
            kept.append(site.engine.store.load("meter")[0])
            return {}

        told, kept = [], []
        site.central.answers["MeterValues"] = answer
        await site.charge()
        await site.wait(60)
        assert len(told) > 3 and all([one <= other for one, other in zip(told, kept)])
        await site.restart()
        assert site.board.connectors[0].meter.energy_wh >= told[-1]

    play(story, keys=SAMPLED)


def test_clock_aligned_values_at_the_end_of_each_interval():
    """9.1.5: the interval's start as time stamp, for all connectors and the charge point, in a transaction or not."""

    async def story(site):
        await site.wait(200)
        assert [value[:3] for value in values(site, 1)] == [
            ("00:00", "Sample.Clock", None),
            ("01:00", "Sample.Clock", None),
            ("02:00", "Sample.Clock", None),
        ]
        assert len(values(site, 0)) == len(values(site, 1)) == len(values(site, 2))

    play(story, connectors=2, keys=ALIGNED)


def test_currents_are_averaged_and_the_register_is_not():
    async def story(site):
        await site.wait(60)
        site.evses[0].set_limit("profile", 100)
        await site.charge()
        await site.wait(26)
        site.evses[0].set_limit("profile", 200)
        await site.wait(64)
        minute, context, identity, texts = [value for value in values(site) if value[2] is not None][0]
        assert (minute, context, identity) == ("01:00", "Sample.Clock", 101)
        current = float(texts[1])
        assert 12 < current < 16.5, texts
        stop = site.board.connectors[0].meter.energy_wh
        assert 0 < int(texts[0]) <= stop

    play(story, keys=ALIGNED)


def test_a_transaction_begins_its_own_average():
    """9.1.5: a partial interval at its beginning, so the time stamp is not before its start."""

    async def story(site):
        await site.wait(110)
        await site.charge()
        await site.wait(10)
        found = [value for value in values(site) if value[2] == 101]
        assert [value[0] for value in found] == ["01:50"] and float(found[0][3][1]) > 25, found

    play(story, keys=ALIGNED)


def test_aligned_values_wait_for_the_clock():
    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        await site.wait(130)
        assert not site.engine.clock.synced and site.engine.outbox.queued == 0

    play(story, keys=ALIGNED, start=False)


def test_interval_that_is_changed_or_switched_off():
    async def story(site):
        await site.wait(70)
        await site.change(ClockAlignedDataInterval="0")
        count = len(values(site))
        await site.wait(130)
        assert len(values(site)) == count
        await site.change(ClockAlignedDataInterval="10")
        await site.wait(35)
        assert len(values(site)) >= count + 2

    play(story, keys=ALIGNED)


def test_transaction_data():
    """E 3.14, 3.91: Transaction.Begin and Transaction.End, and the samples that are asked for in between."""

    async def story(site):
        await site.charge()
        await site.wait(35)
        await site.card("A", 1)
        await site.run(2000)
        data = site.central.of("StopTransaction")[0]["transactionData"]
        contexts = [element["sampledValue"][0]["context"] for element in data]
        assert contexts == ["Transaction.Begin"] + ["Sample.Periodic"] * 3 + ["Transaction.End"], contexts
        measurands = {value["measurand"] for element in data for value in element["sampledValue"]}
        assert measurands == {"Voltage", "Energy.Active.Import.Register"}
        times = [element["timestamp"] for element in data]
        assert times == sorted(times)
        assert not site.engine.store.exists("td1")

    play(story, keys={"MeterValueSampleInterval": "10", "MeterValuesSampledData": "",
                      "StopTxnSampledData": "Voltage,Energy.Active.Import.Register"})


def test_transaction_data_of_the_clock():
    async def story(site):
        await site.wait(30)
        await site.charge()
        await site.wait(120)
        await site.card("A", 1)
        await site.run(2000)
        data = site.central.of("StopTransaction")[0]["transactionData"]
        contexts = [element["sampledValue"][0]["context"] for element in data]
        assert contexts == ["Transaction.Begin", "Sample.Clock", "Sample.Clock", "Transaction.End"], contexts
        assert not site.central.of("MeterValues")

    play(story, keys={"ClockAlignedDataInterval": "60", "MeterValuesAlignedData": "", "StopTxnAlignedData": "Voltage",
                      "MeterValueSampleInterval": "0"})


def test_no_transaction_data_unless_asked_for():
    async def story(site):
        await site.charge()
        await site.wait(35)
        await site.card("A", 1)
        await site.run(2000)
        assert "transactionData" not in site.central.of("StopTransaction")[0]

    play(story, keys={"MeterValueSampleInterval": "10"})
