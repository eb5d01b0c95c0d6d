"""Times as clients write them (1.6 3.14, 3.15, E 3.10), in every message that has one."""

from charging import play
from local_list import PROFILES as LIST
from local_list import entry, full
from charging_profiles import clear, for_transaction, install, limit, maximum, put, until
from charging_profiles import play as play_smart
from reserving import play_reserving

from ocpp.clock.iso8601 import parse
from memory import load
from profiles.core import cache
from profiles.core.id_tag_info import expiry
from profiles.local_auth.entries import lookup

# Ways to write 2026-03-01T01:00:00Z.
WAYS = (
    "2026-03-01T01:00:00Z", "2026-03-01T01:00:00", "2026-03-01t01:00:00z", "2026-03-01 01:00:00",
    "2026-03-01T01:00:00.000", "2026-03-01T01:00:00,5Z", "2026-03-01T01:00:00.123456789Z", "2026-03-01T03:00:00+02",
    "2026-03-01T03:00:00+0200",
    "2026-03-01T03:00:00.5+02:00", "2026-02-28T21:30:00-0330", "2026-03-01T01:00Z", "2026-03-01T01:00",
)
ODD = (
    "", "now", "2026-03-01", "2026-02-29T00:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T01:00:00X",
    "2026-03-01T01:00:00+2", "1772326800",
)


def test_all_ways_are_one_time():
    assert {parse(way) for way in WAYS} == {parse("2026-03-01T01:00:00Z")}


def test_the_clock_in_boot_and_heartbeat():
    async def story(site):
        for way in WAYS:
            site.central.answers["BootNotification"] = {"status": "Accepted", "currentTime": way, "interval": 300}
            await site.restart()
            assert site.engine.online and site.engine.clock.stamp() == "2026-03-01T01:00:00Z", way
            site.engine.clock.set("2026-03-01T05:00:00Z")
            site.central.answers["Heartbeat"] = {"currentTime": way}
            await load("ocpp.engine.heartbeat").send(site.engine)
            assert site.engine.clock.stamp() == "2026-03-01T01:00:00Z", way

    play(story)


def test_an_unreadable_time_costs_the_clock_and_not_the_registration():
    async def story(site):
        for way in ODD:
            site.central.answers["BootNotification"] = {"status": "Accepted", "currentTime": way, "interval": 300}
            await site.restart()
            assert site.engine.online and site.engine.keys["HeartbeatInterval"] == 300, way
            assert not site.engine.clock.synced

    play(story)


def test_the_expiry_of_an_idTag_in_each_answer():
    """Authorize and StartTransaction, into the cache."""

    async def story(site):
        for way in WAYS:
            info = {"status": "Accepted", "expiryDate": way}
            assert expiry(info) == parse(WAYS[0])
            site.central.answers["Authorize"] = {"idTagInfo": info}
            await site.card("A", 1)
            assert site.core.connectors[0].authorization, way
            (entry,) = cache.entries(site.engine)
            assert entry == ["a", "Accepted", parse(WAYS[0]), None], way
            await site.card("A", 1)
        site.central.answers["StartTransaction"] = {"transactionId": 3, "idTagInfo": {"status": "Accepted",
                                                                                      "expiryDate": "2026-03-01T02:00"}}
        await site.charge("A", 1)
        (entry,) = cache.entries(site.engine)
        assert entry[2] == parse("2026-03-01T02:00:00Z")

    play(story)


def test_the_expiry_of_an_entry_of_the_local_list():
    async def story(site):
        for version, way in enumerate(WAYS):
            assert await full(site, version + 1, entry("A", expiryDate=way)) == "Accepted", way
            assert lookup(site.engine, "A")[0] == "Accepted", way
        await site.wait(3601)
        assert lookup(site.engine, "A")[0] == "Expired"
        for way in ODD:
            assert await full(site, 50, entry("A", expiryDate=way)) == "PropertyConstraintViolation", "CALLs are strict"

    play(story, profiles=LIST)


def test_the_expiry_of_a_reservation():
    async def story(site):
        for way in WAYS + ODD:
            answer = await site.central.ask("ReserveNow", connectorId=1, idTag="A", reservationId=1, expiryDate=way)
            if way in ODD:
                assert answer == "PropertyConstraintViolation", way
                continue
            assert answer == {"status": "Accepted"} and site.reservation.reservations[0][4] == parse(WAYS[0]), way

    play_reserving(story)


def test_the_times_of_a_charging_profile():
    """startSchedule, validFrom and validTo mean the same moment however they are written."""
    for way in WAYS:

        async def story(site, way=way):
            await install(site, 0, maximum(10, id=1, start=way), maximum(20, id=2, level=1, validTo=way),
                          maximum(8, id=3, level=2, validFrom=way))
            await until(site, 3590)
            assert limit(site) == 20, way
            await until(site, 3610)
            assert limit(site) == 8, way
            assert await clear(site, id=3) == "Accepted"
            await site.wait(2)
            assert limit(site) == 10, way

        play_smart(story)


def test_a_charging_profile_with_a_time_that_is_none_is_refused():
    async def story(site):
        for way in ODD:
            for name in ("start", "validFrom", "validTo"):
                assert await put(site, 0, maximum(16, **{name: way})) == "PropertyConstraintViolation", way
            answer = await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1,
                                            chargingProfile=for_transaction(16, validTo=way))
            assert answer == "PropertyConstraintViolation", way
        answer = await site.central.ask("RemoteStartTransaction", idTag="A", connectorId=1,
                                        chargingProfile=for_transaction(16, validTo="2026-03-02 00:00:00"))
        assert answer == {"status": "Accepted"}

    play_smart(story)
