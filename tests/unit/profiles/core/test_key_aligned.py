"""Configuration keys of clock-aligned meter values: a test for each, named after it (1.6 9.1, 3.16, E 3.13, 3.76)."""

from central_system import TIME
from charging import play
from key_rows import BAD, GOOD, MEASURANDS, NOT_SECONDS, REGISTER, contexts, fixed, row, stopped

ONLY_ALIGNED = {"MeterValueSampleInterval": "0"}
MINUTES = {"MeterValueSampleInterval": "0", "ClockAlignedDataInterval": "60"}


def values(site, number=1):
    """(time of day, transactionId or None, {measurand: [text of each phase]}) of each MeterValues.req."""
    found = []
    for payload in site.central.of("MeterValues"):
        (element,) = payload["meterValue"]
        if payload["connectorId"] == number:
            texts = {}
            for value in element["sampledValue"]:
                assert value["context"] == "Sample.Clock"
                texts.setdefault(value["measurand"], []).append(value["value"])
            found.append((element["timestamp"][11:19], payload.get("transactionId"), texts))
    return found


def times(site, number=1):
    return [time for time, _, _ in values(site, number)]


async def skip(site, seconds, step):
    """Let time pass in large steps."""
    for _ in range(seconds // step):
        TIME.ms += step * 1000
        site.core.metering.check_time()
        await site.settle()


def near(texts, expected):
    """All phases within 4 %, for a loaded machine may look at a second twice."""
    return texts and all([abs(float(text) - expected) <= expected * 0.04 for text in texts])


def test_ClockAlignedDataInterval():
    """9.1.5, OCA TC_071: at each multiple of the interval, stamped with it, also the first; in a transaction or not."""

    async def story(site):
        name = "ClockAlignedDataInterval"
        await row(site, name, "0", ("86400", "0", "900", "60"), NOT_SECONDS + ("86401",))
        await site.wait(59)
        assert times(site) == []
        await site.wait(2)
        assert times(site) == ["00:01:00"]
        await site.wait(120)
        for number in range(3):
            assert times(site, number) == ["00:01:00", "00:02:00", "00:03:00"]
        await site.change(ClockAlignedDataInterval="0")
        await site.wait(130)
        assert len(times(site)) == 3
        await site.change(ClockAlignedDataInterval="30")
        await site.wait(60)
        assert times(site)[3:] == ["00:05:30", "00:06:00"]

    play(story, connectors=2, keys=ONLY_ALIGNED)


def test_ClockAlignedDataInterval_starts_at_midnight():
    """9.1.5: evenly spaced from 00:00:00 on, each day again, also when the day is no multiple of it."""

    async def story(site):
        await skip(site, 86400 - 2000, 400)
        count = len(times(site))
        await skip(site, 4000, 100)
        assert times(site)[count:] == ["23:36:40", "23:53:20", "00:00:00", "00:16:40", "00:33:20"]

    play(story, keys={"MeterValueSampleInterval": "0", "ClockAlignedDataInterval": "1000"})


def test_ClockAlignedDataInterval_averages():
    """9.1.5: all but the register averaged, over as much of the interval as belongs to the transaction."""

    async def story(site):
        site.evses[0].limits.set("owner", 100)
        await site.wait(30)
        await site.charge()
        await site.wait(60)
        site.evses[0].limits.set("owner", 200)
        await site.wait(92)
        (early, late) = values(site)[1:3]
        assert early[:2] == ("00:02:00", 101) and late[:2] == ("00:03:00", 101)
        assert near(values(site)[0][2]["Current.Import"], 10), "not thinned by the time before the transaction"
        assert len(early[2]["Current.Import"]) == 3 and early[2]["Voltage"] == ["230.0"] * 3
        share = (float(early[2]["Current.Offered"][0]) - 10) / 10
        assert 0.3 < share < 0.6, "about 25 of 60 s at 20 A"
        assert 10 + 10 * share - 1.5 < float(early[2]["Current.Import"][0]) <= 10.5 + 10 * share
        assert near(early[2]["Power.Active.Import"], 3 * 230 * float(early[2]["Current.Import"][0]))
        registers = [int(texts[REGISTER][0]) for _, _, texts in values(site)]
        assert abs(registers[2] - registers[1] - 230) < 12, "of its time stamp; 20 A are 230 Wh a minute"

    play(story, keys=dict(MINUTES, MeterValuesAlignedData=",".join(MEASURANDS)))


def test_MeterValuesAlignedData():
    """9.1.15: what is sent each interval; none when empty. Connector 0 is the sum, without transactionId (E 3.16)."""

    async def story(site):
        await row(site, "MeterValuesAlignedData", REGISTER, GOOD, BAD)
        site.board.meter(1, 5000)
        site.board.meter(2, 700)
        await site.charge()
        await site.wait(130)
        for number, identity, least in ((0, None, 5700), (1, 101, 5000), (2, None, 700)):
            time, transaction, texts = values(site, number)[1]
            assert (time, transaction, set(texts)) == ("00:02:00", identity, {"Voltage", REGISTER})
            assert least <= int(texts[REGISTER][0]) < least + 800 and len(texts["Voltage"]) == 3
        await site.change(MeterValuesAlignedData="Frequency")
        await site.wait(60)
        assert set(values(site)[-1][2]) == {"Frequency"}
        await site.change(MeterValuesAlignedData="")
        count = len(site.central.of("MeterValues"))
        await site.wait(70)
        assert len(site.central.of("MeterValues")) == count

    play(story, connectors=2, keys=MINUTES)


def test_MeterValuesAlignedDataMaxLength():
    """9.1.16."""

    async def story(site):
        await fixed(site, "MeterValuesAlignedDataMaxLength", str(len(MEASURANDS)), "9")
        await site.change(MeterValuesAlignedData=",".join(MEASURANDS))
        await site.wait(61)
        assert set(values(site, 0)[0][2]) == set(values(site, 1)[0][2]) == set(MEASURANDS)

    play(story, connectors=2, keys=MINUTES)


def test_StopTxnAlignedData():
    """9.1.25, E 3.14: each interval of the transaction in transactionData, between begin and end; none when empty."""

    async def story(site):
        await row(site, "StopTxnAlignedData", "", GOOD, BAD)
        await site.wait(30)
        await site.charge()
        await site.wait(120)
        stop = await stopped(site)
        assert contexts(stop) == ["Transaction.Begin", "Sample.Clock", "Sample.Clock", "Transaction.End"]
        begin, first, second, end = [element["timestamp"][14:19] for element in stop["transactionData"]]
        assert begin < first and [first, second] == ["01:00", "02:00"], "its first interval is a part of one"
        for element in stop["transactionData"]:
            assert {value["measurand"] for value in element["sampledValue"]} == {"Voltage", REGISTER}
        assert not site.central.of("MeterValues"), "that is another key's"
        await site.change(StopTxnAlignedData="")
        await site.charge()
        await site.wait(120)
        assert "transactionData" not in await stopped(site)

    play(story, keys=dict(MINUTES, MeterValuesAlignedData=""))


def test_StopTxnAlignedDataMaxLength():
    """9.1.26; begin and end hold what either list names (E 3.14)."""

    async def story(site):
        await fixed(site, "StopTxnAlignedDataMaxLength", str(len(MEASURANDS)), "9")
        await site.change(StopTxnAlignedData=",".join(MEASURANDS[1:]), StopTxnSampledData=REGISTER)
        await site.charge()
        await site.wait(61)
        stop = await stopped(site)
        data = [{value["measurand"] for value in element["sampledValue"]} for element in stop["transactionData"]]
        assert data[0] == data[-1] == set(MEASURANDS) and set(MEASURANDS[1:]) in data[1:-1]

    play(story, keys=MINUTES)


def test_values_of_a_session_as_OCA_TC_071_wants_them():
    """Sample.Clock in a transaction: each time stamp is a multiple of the interval, an interval after the last."""

    async def story(site):
        await site.wait(47)
        await site.charge()
        await site.wait(100)
        taken = [time for time, transaction, _ in values(site) if transaction]
        assert len(taken) >= 5
        seconds = [int(time[3:5]) * 60 + int(time[6:]) for time in taken]
        assert all([second % 20 == 0 for second in seconds]), taken
        assert {after - before for before, after in zip(seconds, seconds[1:])} == {20}
        start = site.central.of("StartTransaction")[0]["timestamp"][11:19]
        assert taken[0] > start, "never before the transaction began"

    play(story, keys=dict(ONLY_ALIGNED, ClockAlignedDataInterval="20"))


def test_the_register_is_that_of_the_moment_not_of_the_beginning_of_the_interval():
    """What a receiver counts from one message to the next is what flowed: 20 A are 230 Wh a minute."""

    async def story(site):
        site.evses[0].limits.set("owner", 200)
        await site.charge()
        await site.wait(190)
        registers = [int(texts[REGISTER][0]) for _, _, texts in values(site)]
        assert len(registers) == 3 and 200 <= registers[0] <= 230, "from a few seconds after midnight on"
        for before, after in zip(registers, registers[1:]):
            assert abs(after - before - 230) <= 5, registers

    play(story, keys=MINUTES)


def test_one_connector_has_no_connector_0():
    """It has no main meter (4.7), and clients that see connector 0 prefer it; of several it is the sum."""

    async def story(site):
        site.board.meter(1, 5000)
        if len(site.evses) == 2:
            site.board.meter(2, 700)
        await site.wait(61)
        found = [int(texts[REGISTER][0]) for _, _, texts in values(site, 0)]
        assert found == ([5700] if len(site.evses) == 2 else [])
        assert [int(texts[REGISTER][0]) for _, _, texts in values(site, 1)] == [5000]

    play(story, keys=MINUTES)
    play(story, connectors=2, keys=MINUTES)


def test_a_clock_that_is_set_back():
    """The moment that lies before it has been taken already; the next one is."""

    async def story(site):
        await site.charge()
        await site.wait(125)
        clock = site.engine.clock
        clock.set(clock.stamp()[:14] + "00:30Z")
        await site.wait(20)
        assert times(site) == ["00:01:00", "00:02:00"]
        await site.wait(20)
        assert times(site) == ["00:01:00", "00:02:00", "00:01:00"]

    play(story, keys=MINUTES)
