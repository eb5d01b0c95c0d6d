"""ChangeConfiguration of SecurityProfile and AuthorizationKey: what is rejected, what is kept, and when the connection
is opened again (white paper A01, A05.FR.01 to 06)."""

import asyncio

from charging import until
from helpers import finish, folder, replaced
from link_world import Keys, section

from ocpp import events, log
from ocpp.link import credentials, security_keys, ways
from ocpp.store import Store

KEY, NEW = "0123456789abcdef", "fedcba9876543210"
ROOT, OWN = "a root", "a certificate"


class Clock:
    def now(self):
        return 0


class Engine:
    clock = Clock()


class Rpc:
    engine = Engine()
    heard = True

    def __init__(self):
        self.waiting = [["the CALL that is being answered"]]


class Link:
    def __init__(self, key="", url="ws://h"):
        self.rpc, self.refused, self.closed = Rpc(), None, []
        self.connected = True
        self.store = Store(folder("changes"))
        self.csms, self.keys = section(url, key), Keys(0, self.store, SecurityProfile="0")
        self.on_trial = self.told = None
        ways.begin(self)

    async def close(self, why):
        self.closed.append(why)


def play(story, key="", url="ws://h", has=(ROOT, OWN)):
    """Run `story(link, told)`; `has`: what of ROOT and OWN is installed. `told`: the events."""
    log.configure("error")
    told = []

    async def main():
        await finish(story(Link(key, url), told))

    own = type("Credential", (), {"begins": -1, "ends": 1 << 30, "name": "client.1"})()
    with replaced(security_keys, _has_root=lambda link: ROOT in has), replaced(
        credentials, client=lambda link: own if OWN in has else None, now=lambda link: 0
    ), replaced(events, tell=lambda kind, info="": told.append(kind)):
        asyncio.run(main())


def change(link, name, value):
    return security_keys.change(link, name, value)


def test_what_a_profile_needs():
    """A05.FR.02 to 05."""
    for profile, key, has, status in (
        ("1", "", (ROOT, OWN), "Rejected"),
        ("1", KEY, (), "Accepted"),
        ("2", "", (ROOT, OWN), "Rejected"),
        ("2", KEY, (OWN,), "Rejected"),
        ("2", KEY, (ROOT,), "Accepted"),
        ("3", KEY, (OWN,), "Rejected"),
        ("3", KEY, (ROOT,), "Rejected"),
        ("3", "", (ROOT, OWN), "Accepted"),
    ):

        async def story(link, told, profile=profile, status=status):
            before = link.ways
            assert change(link, "SecurityProfile", profile) == status, (profile, status)
            assert (link.ways == before) == (status == "Rejected")
            assert told == ([] if status == "Rejected" else ["ReconfigurationOfSecurityParameters"])

        play(story, key, has=has)


def test_it_is_never_lowered_and_never_the_same():
    """A05.FR.01."""

    async def story(link, told):
        link.ways = [[2, None]]
        for value in ("0", "1", "2", "4", "-1", "", "3.0", " 3", "x"):
            assert change(link, "SecurityProfile", value) == "Rejected", value
        assert link.ways == [[2, None]] and not told and not link.closed

    play(story, KEY)


def test_from_wss_there_is_no_way_to_profile_1():
    async def story(link, told):
        assert change(link, "SecurityProfile", "1") == "Rejected"

    with replaced(ways, _check_start=lambda link: None):
        play(story, KEY, "wss://h")


def test_the_connection_is_closed_after_the_answer():
    """A05.FR.06, A01."""

    async def story(link, told):
        assert change(link, "SecurityProfile", "1") == "Accepted"
        for _ in range(3):
            await asyncio.sleep_ms(20)
            assert not link.closed
        link.rpc.waiting.clear()
        await until(lambda: link.closed)
        assert link.ways == [[0, None], [1, None]]

    play(story, KEY)


def test_a_password_that_is_not_in_use_changes_no_connection():
    async def story(link, told):
        assert change(link, "AuthorizationKey", KEY) == "Accepted"
        link.rpc.waiting.clear()
        assert link.ways == [[0, KEY]]
        for _ in range(3):
            await asyncio.sleep_ms(20)
        assert not link.closed and told == ["ReconfigurationOfSecurityParameters"]
        assert change(link, "SecurityProfile", "1") == "Accepted"
        assert link.ways == [[0, KEY], [1, KEY]]

    play(story)


def test_one_change_after_the_other_before_the_connection_is_closed():
    async def story(link, told):
        link.ways = [[1, None]]
        assert change(link, "AuthorizationKey", NEW) == "Accepted"
        assert change(link, "SecurityProfile", "2") == "Accepted"
        assert link.ways == [[1, None], [2, NEW]]
        assert change(link, "AuthorizationKey", "another password") == "Accepted"
        assert link.ways == [[1, None], [2, "another password"]]

    play(story, KEY)


def test_the_old_key_again_takes_the_new_one_back():
    async def story(link, told):
        link.ways = [[1, KEY]]
        assert change(link, "AuthorizationKey", KEY) == "Accepted" and not told
        assert change(link, "AuthorizationKey", NEW) == "Accepted"
        assert change(link, "AuthorizationKey", KEY) == "Accepted"
        assert link.ways == [[1, KEY]]

    play(story, KEY)


def test_a_change_that_flash_does_not_take_is_rejected():
    """A01.FR.03, 04: after Accepted the central system refuses the old key."""

    async def story(link, told):
        link.ways = [[1, None]]

        def full(name, *parts):
            raise OSError(28)

        with replaced(link.store, write_file=full):
            assert change(link, "AuthorizationKey", NEW) == "Rejected"
        assert link.ways == [[1, None]] and not told
        link.store.waiting.append("what could not be written before")
        assert change(link, "SecurityProfile", "2") == "Rejected"
        assert link.ways == [[1, None]] and not told

    play(story, KEY)
