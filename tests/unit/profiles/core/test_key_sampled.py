"""Configuration keys of sampled meter values: a test for each, named after it (1.6 9.1, 3.16, E 3.13 - 3.15, 3.91)."""

import os

from central_system import TIME
from charging import play
from key_rows import BAD, GOOD, MEASURANDS, NOT_SECONDS, REGISTER, contexts, fixed, put, row, shown, stopped

# What a wallbox's owner wants to see, as far as the meter has it.
SHOWN = REGISTER + ",Power.Active.Import,Current.Import,Current.Offered,Voltage"


def samples(site):
    """(seconds of the day, [measurand of each value]) of each MeterValues.req of connector 1."""
    found = []
    for payload in site.central.of("MeterValues"):
        (element,) = payload["meterValue"]
        assert payload["connectorId"] == 1 and payload["transactionId"] == 100 + len(site.central.transactions)
        assert {value["context"] for value in element["sampledValue"]} == {"Sample.Periodic"}
        clock = [int(text) for text in element["timestamp"][11:19].split(":")]
        measurands = [value["measurand"] for value in element["sampledValue"]]
        found.append((clock[0] * 3600 + clock[1] * 60 + clock[2], measurands))
    return found


def test_MeterValueSampleInterval():
    """9.1.19, E 3.15: from the start of the transaction on, at this interval; 0 is off. A change counts at once."""

    async def story(site):
        await row(site, "MeterValueSampleInterval", "60", ("0", "86400", "10"), NOT_SECONDS + ("86401",))
        await site.wait(33)
        assert samples(site) == [], "no transaction"
        await site.charge()
        start = int(site.central.of("StartTransaction")[0]["timestamp"][17:19])
        await site.wait(35)
        assert [second for second, _ in samples(site)] == [start + 10, start + 20, start + 30]
        await site.change(MeterValueSampleInterval="0")
        await site.wait(60)
        assert len(samples(site)) == 3
        await site.change(MeterValueSampleInterval="5")
        await site.wait(16)
        assert len(samples(site)) in (6, 7)
        count = len(samples(site))
        await stopped(site)
        await site.wait(30)
        assert len(samples(site)) == count

    play(story)


def test_MeterValueSampleInterval_does_not_drift():
    """However late each look at the clock is, the n-th sample belongs to n intervals after the start."""

    async def story(site):
        await site.charge()
        start = int(site.central.of("StartTransaction")[0]["timestamp"][17:19])
        for _ in range(80):
            TIME.ms += 1500
            site.core.metering.check_time()
            await site.settle()
        late = [second - start - 10 * (n + 1) for n, (second, _) in enumerate(samples(site))]
        assert len(late) in (11, 12) and set(late) <= {0, 1, 2}, late

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_MeterValuesSampledData():
    """9.1.17: what each sample holds, phase by phase; nothing to send when empty. A change counts at once."""

    async def story(site):
        await row(site, "MeterValuesSampledData", SHOWN, GOOD, BAD)
        await site.charge()
        await site.wait(10)
        assert samples(site)[-1][1] == ["Voltage"] * 3 + [REGISTER]
        assert await put(site, "MeterValuesSampledData", "Frequency, Current.Import") == "Accepted"
        await site.wait(10)
        assert samples(site)[-1][1] == ["Frequency"] + ["Current.Import"] * 3
        await site.change(MeterValuesSampledData="")
        count = len(samples(site))
        await site.wait(30)
        assert len(samples(site)) == count and "transactionData" not in await stopped(site)

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_MeterValuesSampledDataMaxLength():
    """9.1.18: as many items are taken."""

    async def story(site):
        await fixed(site, "MeterValuesSampledDataMaxLength", str(len(MEASURANDS)), "9")
        await site.change(MeterValuesSampledData=",".join(MEASURANDS))
        await site.charge()
        await site.wait(10)
        assert set(samples(site)[-1][1]) == set(MEASURANDS)
        assert len((await shown(site, "MeterValuesSampledData"))[0]) <= 500, "6.23, CiString500"

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_StopTxnSampledData():
    """9.1.27, E 3.14: begin, each interval and end in transactionData; none of it when empty (E 3.13)."""

    async def story(site):
        await row(site, "StopTxnSampledData", "", GOOD, BAD)
        await site.charge()
        await site.wait(35)
        stop = await stopped(site)
        assert contexts(stop) == ["Transaction.Begin"] + ["Sample.Periodic"] * 3 + ["Transaction.End"]
        for element in stop["transactionData"]:
            assert [value["measurand"] for value in element["sampledValue"]] == ["Voltage"] * 3 + [REGISTER]
        registers = [int(element["sampledValue"][-1]["value"]) for element in stop["transactionData"]]
        assert registers == sorted(registers)
        assert registers[0] == site.central.of("StartTransaction")[0]["meterStart"]
        assert registers[-1] == stop["meterStop"] > registers[0]
        assert not site.central.of("MeterValues"), "that is another key's"
        assert not [name for name in os.listdir(site.path) if name.startswith("td")], "told, and gone from flash"
        await site.charge()
        await site.wait(35)
        await site.change(StopTxnSampledData="")
        assert "transactionData" not in await stopped(site), "a change counts at once"
        await site.charge()
        await site.wait(35)
        assert "transactionData" not in await stopped(site)

    play(story, keys={"MeterValueSampleInterval": "10", "MeterValuesSampledData": ""})


def test_StopTxnSampledDataMaxLength():
    """9.1.28."""

    async def story(site):
        await fixed(site, "StopTxnSampledDataMaxLength", str(len(MEASURANDS)), "9")
        await site.change(StopTxnSampledData=",".join(MEASURANDS))
        await site.charge()
        stop = await stopped(site)
        for element in stop["transactionData"]:
            assert {value["measurand"] for value in element["sampledValue"]} == set(MEASURANDS)

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_StopTransactionMaxMeterValues():
    """E 3.91, 3.14: never more in transactionData; the middle is thinned out, the first and the last never go."""

    async def story(site):
        await fixed(site, "StopTransactionMaxMeterValues", "20", "21", "0")
        await site.charge()
        await site.wait(95)
        stop = await stopped(site)
        data = stop["transactionData"]
        assert len(data) == 20
        assert contexts(stop) == ["Transaction.Begin"] + ["Sample.Periodic"] * 18 + ["Transaction.End"]
        assert data[0]["timestamp"] == site.central.of("StartTransaction")[0]["timestamp"]
        assert data[-1]["timestamp"] == stop["timestamp"]
        assert int(data[-1]["sampledValue"][0]["value"]) == stop["meterStop"]
        times = [element["timestamp"] for element in data]
        assert times == sorted(times) and len(set(times)) == 20
        assert len(site.central.of("MeterValues")) > 40, "those are sent all"

    play(story, keys={"MeterValueSampleInterval": "2", "StopTxnSampledData": REGISTER})
