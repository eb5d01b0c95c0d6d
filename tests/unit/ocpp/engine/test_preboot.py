"""Transactions before the central system has accepted the charge point or set its clock (1.6 3.7, 4.2.1, E 3.11): they
are reported after acceptance, in order, with the times at which things happened."""

from central_system import TIME, now
from charging import play, until

ANYONE = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "10"}
BEGINS = "2026-03-01T00:00:00Z"  # of the play


def since(stamp, begin=BEGINS):
    """Seconds from `begin` to `stamp`, on one day."""
    assert stamp[:10] == begin[:10], stamp
    hours, minutes, seconds = [int(stamp[at : at + 2]) - int(begin[at : at + 2]) for at in (11, 14, 17)]
    return hours * 3600 + minutes * 60 + seconds


def events(site):
    """[(action, idTag or transactionId, seconds since the play began)] of the transaction messages."""
    found = []
    for action, payload in site.central.got:
        if action == "MeterValues":
            found.append((action, payload["transactionId"], since(payload["meterValue"][0]["timestamp"])))
        elif action in ("StartTransaction", "StopTransaction"):
            found.append((action, payload.get("idTag"), since(payload["timestamp"])))
    return found


async def session(site, id_tag, seconds):
    """A whole session at connector 1, the car gone at its end; when it began and when its card was shown again."""
    began = TIME.ms // 1000
    await site.charge(id_tag)
    await site.wait(seconds)
    ended = TIME.ms // 1000
    await site.card(id_tag, 1)
    await site.run(1000)
    site.board.plug(1, False)
    await site.run(1000)
    return began, ended


async def power_cut(site, seconds=0):
    """`seconds` without power, then a start without a central system."""
    site.stop()
    TIME.ms += seconds * 1000
    site.central.connected = site.boot = False
    site.start_over()
    await site.start()


async def online(site):
    """The central system is there, and everything that waited is reported."""
    site.central.answers.update(site.central.usual())
    site.central.back()
    await until(lambda: site.engine.online and not site.engine.outbox.queued)
    await site.settle()


def check(found, truth, slack):
    """Each session's start and stop, exactly once, in order; each at its time, at most `slack` s off."""
    ends = [event for event in found if event[0] != "MeterValues"]
    expected = []
    for id_tag, (began, ended) in truth:
        expected += [("StartTransaction", id_tag, began), ("StopTransaction", id_tag, ended)]
    assert [event[:2] for event in ends] == [event[:2] for event in expected], ends
    for (_, _, told), (_, _, true) in zip(ends, expected):
        assert -slack <= told - true <= 2 + slack, (ends, expected)
    stamps = [stamp for _, _, stamp in found]
    assert stamps == sorted(stamps), found


def test_before_the_first_connection_and_while_pending():
    """Both charge; the starts leave only after acceptance."""

    async def story(site):
        site.central.connected = False
        await site.start()
        await site.wait(20)
        first = await session(site, "A", 25)
        answer = {"status": "Pending", "currentTime": now(), "interval": 1}
        site.central.answers["BootNotification"] = answer
        site.central.back()
        await until(lambda: site.engine.registration == "Pending")
        second = await session(site, "B", 25)
        assert site.core.metering.register(site.core.connectors[0]) > 250, "both charged"
        assert {action for action, _ in site.central.got} == {"BootNotification"}
        await online(site)
        found = events(site)
        check(found, (("A", first), ("B", second)), 1)
        ids = [payload["transactionId"] for payload in site.central.of("StopTransaction")]
        assert ids == [101, 102] and len(found) == 8

    play(story, start=False, keys=ANYONE)


def test_times_taken_before_the_clock_was_set_are_corrected():
    """Of a start, its meter values and transactionData, whether the stop comes before or after the clock is set."""
    for early in (True, False):

        async def story(site, early=early):
            site.central.connected = False
            await site.start()
            await site.wait(100)
            began = TIME.ms // 1000
            await site.charge("A")
            await site.wait(15)
            if not early:
                await online(site)
                await site.wait(15)
            ended = TIME.ms // 1000
            await site.card("A", 1)
            await site.run(1000)
            if early:
                await site.wait(300)
            await online(site)
            found = events(site)
            check(found, (("A", (began, ended)),), 1)
            assert len(found) == (3 if early else 5)
            data = site.central.of("StopTransaction")[0]["transactionData"]
            times = [since(element["timestamp"]) for element in data]
            assert times == sorted(times) and times[0] == found[0][2] and times[-1] == found[-1][2]

        play(story, start=False, keys=dict(ANYONE, StopTxnSampledData="Voltage"))


def test_a_clock_that_was_ahead_is_set_back():
    """The time on flash was later than the central system's, so the correction is negative."""

    async def story(site):
        site.engine.store.save("clock", site.engine.clock.now() + 400 * 86400)
        await power_cut(site)
        truth = await session(site, "A", 25)
        await online(site)
        check(events(site), (("A", truth),), 1)

    play(story, keys=ANYONE)


def test_two_power_cuts_while_the_clock_was_never_set():
    """The clock goes on from flash; how long it stood still between starts nobody can know."""

    async def story(site):
        site.central.connected = False
        await site.start()
        await site.wait(10)
        first = await session(site, "A", 25)
        await site.wait(3)
        await power_cut(site)
        second = await session(site, "B", 25)
        await site.wait(3)
        await power_cut(site)
        third = await session(site, "C", 25)
        await online(site)
        check(events(site), (("A", first), ("B", second), ("C", third)), 20)
        assert site.engine.clock.stamp() == now()

    play(story, start=False, keys=ANYONE)


def test_online_offline_and_never_synced_sessions_over_two_power_cuts():
    """Each start and stop once, in order, with its own transactionId, and the next session is an ordinary one."""

    async def story(site):
        truth = [("A", await session(site, "A", 15))]
        site.central.lose()
        truth.append(("B", await session(site, "B", 15)))
        await power_cut(site)
        truth.append(("C", await session(site, "C", 15)))
        await power_cut(site)
        truth.append(("D", await session(site, "D", 15)))
        await online(site)
        truth.append(("E", await session(site, "E", 15)))
        await online(site)
        check(events(site), truth, 20)
        stops = [payload["transactionId"] for payload in site.central.of("StopTransaction")]
        assert stops == [101, 102, 103, 104, 105]
        values = {payload["transactionId"] for payload in site.central.of("MeterValues")}
        assert values == set(stops)

    play(story, keys=ANYONE)


def test_a_transaction_that_a_power_cut_ended_before_the_clock_was_set():
    """The stop, PowerLoss, is after the start and its meter values; all of it is reported once."""

    async def story(site):
        site.central.connected = False
        await site.start()
        await site.charge("A")
        await site.wait(25)
        await power_cut(site, 60)
        await site.wait(12)
        await site.run(2000)
        await online(site)
        found = events(site)
        values = ["MeterValues"] * (len(found) - 2)
        assert [event[0] for event in found] == ["StartTransaction"] + values + ["StopTransaction"] and len(values) > 1
        stamps = [stamp for _, _, stamp in found]
        assert stamps == sorted(stamps) and stamps[-1] <= TIME.ms // 1000
        stop, start = site.central.of("StopTransaction")[0], site.central.of("StartTransaction")[0]
        assert stop["reason"] == "PowerLoss" and stop["meterStop"] > start["meterStart"]

    play(story, start=False, keys=ANYONE)


def test_statuses_of_before_have_the_right_time_too():
    async def story(site):
        site.central.connected = False
        await site.start()
        await site.wait(60)
        site.board.plug(1, True)
        await site.run(500)
        await site.wait(20)
        await online(site)
        told = [payload for payload in site.central.of("StatusNotification") if payload["connectorId"] == 1]
        assert [payload["status"] for payload in told] == ["Preparing"] and since(told[0]["timestamp"]) == 60

    play(story, start=False)
