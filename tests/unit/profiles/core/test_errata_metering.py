"""What the errata settle about meter values, each test named after its row (E 3.x, 4.x, J 2.x)."""

from charging import play

REGISTER = "Energy.Active.Import.Register"
STOP_DATA = {"MeterValueSampleInterval": "1", "StopTxnSampledData": REGISTER + ",Voltage"}


async def stop(site, id_tag="A", number=1):
    await site.card(id_tag, number)
    await site.run(2000)


def readings(elements, measurand=REGISTER):
    """(timestamp, value, context) of each sampledValue of `measurand` in MeterValue elements."""
    return [
        (element["timestamp"], float(value["value"]), value["context"])
        for element in elements
        for value in element["sampledValue"]
        if value["measurand"] == measurand
    ]


def test_E_3_13_one_unsupported_measurand_changes_nothing():
    """In any of the four lists (3.16.4)."""

    async def story(site):
        ask = site.central.ask
        for name in ("MeterValuesAlignedData", "MeterValuesSampledData", "StopTxnAlignedData", "StopTxnSampledData"):
            before = await ask("GetConfiguration", key=[name])
            for text in (REGISTER + ",SoC", "Voltage,,RPM", "energy", "Energy.Active.Import.Interval"):
                assert await ask("ChangeConfiguration", key=name, value=text) == {"status": "Rejected"}, (name, text)
            assert await ask("GetConfiguration", key=[name]) == before
            assert await ask("ChangeConfiguration", key=name, value="Voltage") == {"status": "Accepted"}
            assert (await ask("GetConfiguration", key=[name]))["configurationKey"][0]["value"] == "Voltage"

    play(story)


def test_E_3_13_no_transactionData_while_both_lists_are_empty():
    """3.16.5; also when they were emptied before the transaction began."""

    async def story(site):
        await site.change(StopTxnSampledData="", StopTxnAlignedData="")
        await site.charge()
        await site.wait(5)
        await stop(site)
        assert "transactionData" not in site.central.of("StopTransaction")[0]

    play(story, keys=STOP_DATA)


def test_E_3_14_begin_and_end_have_every_measurand_that_is_configured():
    """Of both lists, though no interval has passed."""

    async def story(site):
        await site.charge()
        await stop(site)
        data = site.central.of("StopTransaction")[0]["transactionData"]
        for element, context in zip(data, ("Transaction.Begin", "Transaction.End")):
            names = {value["measurand"] for value in element["sampledValue"]}
            assert names == {REGISTER, "Voltage", "Frequency"}
            assert {value["context"] for value in element["sampledValue"]} == {context}
        assert len(data) == 2

    play(story, keys={"MeterValueSampleInterval": "0", "StopTxnSampledData": REGISTER,
                      "StopTxnAlignedData": "Voltage,Frequency"})


def test_E_3_91_begin_and_end_are_kept_and_the_middle_is_thinned_out():
    async def story(site):
        shown = await site.central.ask("GetConfiguration", key=["StopTransactionMaxMeterValues"])
        most = int(shown["configurationKey"][0]["value"])
        await site.charge()
        await site.wait(4 * most)
        await stop(site)
        payload, start = site.central.of("StopTransaction")[0], site.central.of("StartTransaction")[0]
        found = readings(payload["transactionData"])
        assert most // 2 < len(found) <= most
        assert found[0][1:] == (start["meterStart"], "Transaction.Begin")
        assert found[-1][1:] == (payload["meterStop"], "Transaction.End")
        energies = [value for _, value, _ in found]
        gaps = [after - before for before, after in zip(energies, energies[1:])]
        assert min(gaps) > 0 and max(gaps) < energies[-1] / 4, "spread over the whole"

    play(story, keys=STOP_DATA)


def test_E_4_25_begin_is_the_value_at_the_start_and_end_the_one_at_the_end():
    async def story(site):
        site.board.meter(1, 7000)
        await site.charge()
        await site.wait(10)
        await stop(site)
        payload, start = site.central.of("StopTransaction")[0], site.central.of("StartTransaction")[0]
        found = readings(payload["transactionData"])
        assert found[0] == (start["timestamp"], 7000, "Transaction.Begin")
        assert found[-1] == (payload["timestamp"], payload["meterStop"], "Transaction.End")
        assert payload["meterStop"] > 7000

    play(story, keys=STOP_DATA)


def test_E_3_15_an_interval_makes_meter_values_mandatory():
    """Sampled ones in each transaction, clock-aligned ones always."""

    async def story(site):
        await site.wait(61)
        assert len(site.central.of("MeterValues")) == 3, "connector 1 at 20, 40 and 60 s"
        await site.change(ClockAlignedDataInterval="0", MeterValueSampleInterval="10")
        await site.charge()
        await site.wait(60)
        assert len([p for p in site.central.of("MeterValues") if "transactionId" in p]) == 6

    play(story, keys={"ClockAlignedDataInterval": "20", "MeterValueSampleInterval": "0"})


def test_E_3_16_the_transactionId_is_of_the_transaction_when_the_sample_was_taken():
    """One after the other within an interval, reported long after both; connector 0 has none."""

    async def story(site):
        await site.charge("A")
        await site.wait(35)
        await stop(site, "A")
        await site.wait(20)
        site.central.lose()
        site.board.plug(1, False)
        await site.run(1000)
        await site.charge("B")
        await site.wait(40)
        await stop(site, "B")
        await site.wait(60)
        site.central.back()
        await site.settle()
        own = [payload.get("transactionId") for payload in site.central.of("MeterValues") if payload["connectorId"]]
        assert own == [101, None, 102, None, None], own
        assert not [p for p in site.central.of("MeterValues") if p["connectorId"] == 0 and "transactionId" in p]

    play(story, keys={"ClockAlignedDataInterval": "30", "MeterValueSampleInterval": "0",
                      "AllowOfflineTxForUnknownId": "true"})


def test_E_3_78_registers_are_monotonic_and_not_set_to_0_per_transaction():
    """By their time stamps, sampled and clock-aligned; the next start is the stop before (7.31)."""

    async def story(site):
        await site.wait(5)
        last = 0
        for id_tag, identity in (("A", 101), ("B", 102)):
            await site.charge(id_tag)
            await site.wait(31)
            await stop(site, id_tag)
            start, end = site.central.of("StartTransaction")[-1], site.central.of("StopTransaction")[-1]
            mine = [p["meterValue"][0] for p in site.central.of("MeterValues") if p.get("transactionId") == identity]
            found = sorted([reading[:2] for reading in readings(mine)])
            found = [(start["timestamp"], start["meterStart"])] + found + [(end["timestamp"], end["meterStop"])]
            assert len(found) >= 6 and found == sorted(found), found
            energies = [energy for _, energy in found]
            assert energies == sorted(energies) and start["meterStart"] == last and end["meterStop"] > last
            last = end["meterStop"]

    play(story, keys={"MeterValueSampleInterval": "10", "ClockAlignedDataInterval": "15"})


def test_J_2_1_the_unit_is_spelt_as_in_the_schemas():
    async def story(site):
        await site.charge()
        await site.wait(11)
        value = site.central.of("MeterValues")[0]["meterValue"][0]["sampledValue"][0]
        assert (value["measurand"], value["unit"]) == ("Temperature", "Celcius")

    play(story, keys={"MeterValueSampleInterval": "10", "MeterValuesSampledData": "Temperature"})


def test_E_3_86_frequency_has_no_unit():
    async def story(site):
        await site.charge()
        await site.wait(11)
        value = site.central.of("MeterValues")[0]["meterValue"][0]["sampledValue"][0]
        assert value["measurand"] == "Frequency" and "unit" not in value and 45 < float(value["value"]) < 65

    play(story, keys={"MeterValueSampleInterval": "10", "MeterValuesSampledData": "Frequency"})
