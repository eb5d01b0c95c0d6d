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


def test_register_is_on_flash_before_it_is_sent():
    """E 3.78: it never runs backwards, so what was reported must be there after a power cut."""

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


def test_aligned_values_wait_for_the_clock():
    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        await site.wait(130)
        assert not site.engine.clock.synced and site.engine.outbox.queued == 0

    play(story, keys=ALIGNED, start=False)


def test_a_measurand_without_a_sensor_gives_no_values():
    """7.33: a MeterValue has at least one sampledValue; with nothing measured there is none, and the rest goes on."""

    async def story(site):
        site.board.connectors[0].temperature.celsius = lambda: None
        await site.charge("A")
        await site.wait(120)
        assert not site.central.of("MeterValues")
        await site.card("A", 1)
        await site.run(2000)
        assert "transactionData" not in site.central.of("StopTransaction")[0]

    names = ("MeterValuesSampledData", "StopTxnSampledData", "StopTxnAlignedData")
    play(story, keys={name: "Temperature" for name in names})
