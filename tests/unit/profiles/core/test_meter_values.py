"""Meter values as the central system gets them: measurands, units, phases, contexts, registers (1.6 7.31 - 7.45)."""

from charging import play
from key_rows import MEASURANDS, REGISTER, stopped

ALL = ",".join(MEASURANDS)
EVERYTHING = {"MeterValueSampleInterval": "10", "ClockAlignedDataInterval": "60", "MeterValuesSampledData": ALL,
              "MeterValuesAlignedData": ALL, "StopTxnSampledData": ALL, "StopTxnAlignedData": ALL}


def table(element):
    """measurand -> [(value, unit, phase), ...] of a MeterValue element without the register; its context."""
    found = {}
    for value in element["sampledValue"]:
        found.setdefault(value["measurand"], []).append((value["value"], value.get("unit"), value.get("phase")))
    (context,) = {value["context"] for value in element["sampledValue"]}
    ((degrees, unit, phase),) = found.pop("Temperature")
    assert 25 <= int(degrees) <= 29 and (unit, phase) == ("Celcius", None), "warmer by the current"
    ((register, unit, phase),) = found.pop(REGISTER)
    assert register.isdigit() and (unit, phase) == ("Wh", None)
    return found, context


def phases(names, unit, *texts):
    return [(text, unit, name) for text, name in zip(texts, names.split())]


def expected(watts, amperes, offered):
    return {
        "Power.Active.Import": [(str(watts), "W", None)],
        "Current.Import": phases("L1 L2 L3", "A", *amperes),
        "Voltage": phases("L1-N L2-N L3-N", "V", "230.0", "230.0", "230.0"),
        "Frequency": [("50.00", None, None)],
        "Current.Offered": [(offered, "A", None)],
        "Power.Offered": [("%d" % (float(offered) * 690), "W", None)],
    }


def test_all_measurands_in_all_contexts():
    """7.31, 7.37, 7.45 with E 3.86 (no unit for Hz) and J 2.1 (Celcius): each sample of the same steady flow."""

    async def story(site):
        site.evses[0].limits.set("owner", 160)
        await site.charge()
        await site.wait(125)
        stop = await stopped(site)
        elements = [m["meterValue"][0] for m in site.central.of("MeterValues") if m.get("transactionId") == 101]
        flows = {context: found for found, context in [table(element) for element in elements]}
        data = {context: found for found, context in [table(element) for element in stop["transactionData"]]}
        assert set(flows) == {"Sample.Periodic", "Sample.Clock"}
        assert set(data) == {"Transaction.Begin", "Sample.Periodic", "Sample.Clock", "Transaction.End"}
        steady = expected(11040, ("16.0", "16.0", "16.0"), "16.0")
        assert flows["Sample.Periodic"] == data["Sample.Periodic"] == steady
        assert flows["Sample.Clock"] == data["Sample.Clock"] == steady, "the second minute of it"
        idle = expected(0, ("0.0", "0.0", "0.0"), "0.0")
        assert data["Transaction.Begin"] == data["Transaction.End"] == idle

    play(story, keys=EVERYTHING)


def test_car_on_one_phase():
    """E 3.13 (3.14.3): all phases that are measured are reported, also those without current."""

    async def story(site):
        site.board.ev(1, "B", max_current=10, phases=1)
        await site.charge()
        await site.wait(20)
        found, _ = table(site.central.of("MeterValues")[-1]["meterValue"][0])
        assert found == expected(2300, ("10.0", "0.0", "0.0"), "32.0")

    play(story, keys=dict(EVERYTHING, ClockAlignedDataInterval="0"))


def test_connector_0_is_the_whole_charge_point():
    """4.7: without transactionId, whatever runs (E 3.16)."""

    async def story(site):
        for number in (1, 2):
            site.evses[number - 1].limits.set("owner", 100 * number)
            await site.charge("A%d" % number, number)
        await site.wait(125)
        whole = [m for m in site.central.of("MeterValues") if m["connectorId"] == 0][-1]
        assert "transactionId" not in whole
        found, context = table(whole["meterValue"][0])
        assert context == "Sample.Clock" and found == expected(20700, ("30.0", "30.0", "30.0"), "30.0")
        for number in (1, 2):
            parts = [m for m in site.central.of("MeterValues") if m["connectorId"] == number]
            assert {m["transactionId"] for m in parts} == {100 + number}

    play(story, connectors=2, keys=EVERYTHING)


def test_registers_never_run_backwards():
    """E 3.78: one after another as they arrive, with their time stamps, over all messages, sessions and restarts; also
    with clock-aligned values that are taken late."""

    async def story(site):
        numbers = (1,) if len(site.evses) == 1 else (0, 1, 2)
        site.board.meter(1, 123456)
        for _ in range(3):
            await site.charge()
            await site.wait(65)
            await stopped(site)
            await site.charge("B")
            await site.wait(15)
            await site.restart()
            await site.wait(15)
        told = {0: [], 1: [], 2: []}
        for action, payload in site.central.got:
            if action in ("StartTransaction", "StopTransaction"):
                told[1].append((payload["timestamp"], payload.get("meterStart", payload.get("meterStop"))))
            for element in payload.get("meterValue", ()):
                for value in element["sampledValue"]:
                    if value["measurand"] == REGISTER:
                        told[payload["connectorId"]].append((element["timestamp"], int(value["value"])))
        for number, registers in told.items():
            assert (len(registers) >= 3) == (number in numbers), (number, registers)
            assert registers == sorted(registers), registers
            assert sorted([wh for _, wh in registers]) == [wh for _, wh in registers]
        assert told[1][0][1] == 123456 and told[1][-1][1] > 123456 + 3 * 300

    for count in (1, 2):
        play(story, connectors=count, keys=EVERYTHING)
