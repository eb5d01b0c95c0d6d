"""What happens at a charge point with two connectors until the power goes, for power_cuts.py."""


async def sessions(site):
    await site.start()
    await site.charge("A", 1)
    await site.wait(61)
    await site.charge("B", 2)
    await site.wait(61)
    await site.card("A", 1)
    await site.run(2000)
    await site.wait(61)
    site.board.plug(2, False)
    await site.run(2000)


async def outage(site):
    """A begins before it and ends in it; B is interrupted by a restart; C begins before the time is known again, and
    ends when all is over."""
    await site.start()
    await site.charge("A", 1)
    site.central.lose()
    await site.wait(61)
    await site.card("A", 1)
    await site.charge("B", 2)
    await site.wait(2)
    site.stop()
    site.start_over()
    site.boot = False
    site.board.ev(2, "C")
    await site.start()
    await site.wait(61)
    await site.card("B", 2)
    await site.charge("C", 1)
    await site.wait(61)
    await delivery(site)
    await site.card("C", 1)
    await site.run(2000)


async def delivery(site):
    """The central system is back, is late, and refuses a message twice."""
    central = site.central
    central.answers["StartTransaction"] = None
    central.refuse("MeterValues", 2)
    central.back()
    await site.engine.accepted.wait()
    for _ in "BC":
        await site.settle()
        assert central.got[-1][0] == "StartTransaction", central.got[-1]
        await site.wait(3)
        central.late()
    await site.settle()
