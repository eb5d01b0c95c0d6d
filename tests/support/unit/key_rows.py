"""What the tests of configuration keys share: a row of 1.6 9.1 is read, changed, refused and kept (5.3, 5.8)."""

NOT_BOOLEAN = ("", "1", "yes", "true,false")
NOT_SECONDS = ("", "-1", "1.5", "soon", "60 s", "99999999999")

REGISTER = "Energy.Active.Import.Register"
MEASURANDS = (REGISTER, "Power.Active.Import", "Current.Import", "Voltage", "Frequency", "Current.Offered",
              "Power.Offered", "Temperature")
# Values of the four lists of measurands.
GOOD = MEASURANDS + ("", ",".join(MEASURANDS), "Voltage," + REGISTER)
# What no meter here measures, what is no measurand at all (7.31), and more than there are.
BAD = ("SoC", REGISTER + ",SoC", "SoC," + REGISTER, "Power.Reactive.Import", "Energy.Active.Import.Interval",
       "voltage", "Voltage;Frequency", "Voltage Frequency", "all", "Voltage,nonsense,Frequency",
       ",".join(MEASURANDS) + ",Voltage")


async def shown(site, name):
    """(value, readonly) in GetConfiguration.conf."""
    answer = await site.central.ask("GetConfiguration", key=[name])
    (element,) = answer["configurationKey"]
    return element["value"], element["readonly"]


async def put(site, name, text):
    """The status of ChangeConfiguration.conf."""
    return (await site.central.ask("ChangeConfiguration", key=name, value=text))["status"]


async def row(site, name, default, good, bad):
    """A key that may be written: shows `default`, takes each of `good` and none of `bad`, and has the last of `good`
    after a restart, which follows."""
    assert await shown(site, name) == (default, False), name
    for text in good:
        assert await put(site, name, text) == "Accepted", (name, text)
        assert await shown(site, name) == (text, False), (name, text)
    for text in bad:
        assert await put(site, name, text) == "Rejected", (name, text)
        assert await shown(site, name) == (good[-1], False), (name, text)
    await site.restart()
    assert await shown(site, name) == (good[-1], False), name


async def fixed(site, name, value, *others):
    """A key that may only be read: shows `value`, and refuses it and `others`."""
    for text in (value,) + others:
        assert await shown(site, name) == (value, True), name
        assert await put(site, name, text) == "Rejected", (name, text)
    assert await shown(site, name) == (value, True), name


async def stopped(site):
    """The session at connector 1 is ended; its StopTransaction.req."""
    await site.card("A", 1)
    await site.run(2000)
    return site.central.of("StopTransaction")[-1]


def contexts(stop):
    """The ReadingContext of each element of its transactionData."""
    return [element["sampledValue"][0]["context"] for element in stop.get("transactionData", ())]
