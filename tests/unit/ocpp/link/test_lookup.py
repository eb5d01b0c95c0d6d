"""The address to connect to where names are looked up here: a DNS server over real UDP, the last good address, both."""

import asyncio
import sys

from helpers import finish, replaced
from udp_server import Udp, closed_port

from ocpp import log
from ocpp.link import dns, lookup
from ocpp.websocket.frames import HandshakeError
from ocpp.clock.iso8601 import date_of

NAME = "csms.example.org"
BUILT = 850000000
PATIENCE_MS, BRIEF_MS = 600, 300


def reply(request, *addresses, **changes):
    """The answer to a request; `changes`: `identity`, `code`."""
    head = changes.get("identity", request[:2]) + b"\x81" + bytes((0x80 | changes.get("code", 0),))
    records = [b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + bytes([int(part) for part in address.split(".")])
               for address in addresses]
    return head + bytes((0, 1, 0, len(records), 0, 0, 0, 0)) + request[12:] + b"".join(records)


class Flash:
    """The engine and its store. `broken`: it cannot be written."""

    broken = False

    def __init__(self, kept=None):
        self.kept, self.saved = kept, []
        self.store = self.clock = self

    def now(self):
        return 0

    def load(self, name):
        return self.kept

    def save(self, name, value):
        if self.broken:
            raise OSError(28)
        self.kept = list(value)
        self.saved.append(value[1])


class Site:
    """A board with this [name, address] on its flash, or None."""

    def __init__(self, kept=None):
        self.store = Flash(kept)
        self.server = "127.0.0.1"
        self.net = lookup.network(self.store, lambda *date: None, lambda: self.server, "", 0)

    async def address(self, answer=None, good=True, host=NAME):
        """What it connects to, None if there is no address; `answer(request)` gives the datagrams of the DNS server,
        None is no server. The connection is `good` or fails."""
        if not answer:
            with replaced(lookup, PORT=closed_port()):
                return await self._address(host, good)
        with Udp(answer) as server, replaced(lookup, PORT=server.port):
            address = await self._address(host, good)
            self.requests = server.got
        return address

    async def _address(self, host, good):
        try:
            address = await lookup.prepare(self.net, host)
        except HandshakeError:
            return None
        if good:
            lookup.connected(self.net, host, address)
        return address


def gives(*addresses, **changes):
    return lambda request: [reply(request, *addresses, **changes)]


def play(story, kept=None):
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    log.configure("error")
    with replaced(lookup, PATIENCE_MS=PATIENCE_MS, BRIEF_MS=BRIEF_MS):
        asyncio.run(finish(story(Site(kept))))


def test_a_name_is_asked_for_and_a_good_address_is_kept():
    async def story(site):
        assert await site.address(gives("10.0.0.1")) == "10.0.0.1"
        assert site.requests[0][12:] == dns.question(NAME) and len(site.requests) == 1
        assert site.store.kept == [NAME, "10.0.0.1"]
        assert await site.address(gives("10.0.0.1")) == "10.0.0.1" and len(site.store.saved) == 1
        assert await site.address(gives("10.0.0.2")) == "10.0.0.2"
        assert site.store.saved == ["10.0.0.1", "10.0.0.2"]

    play(story)


def test_an_address_in_the_url_is_not_looked_up():
    async def story(site):
        assert await site.address(gives("10.0.0.1"), host="192.168.4.2") == "192.168.4.2"
        assert site.requests == [] and site.store.saved == []

    play(story)
    for text in ("1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.x", "1.2.3.", "localhost", "0001.2.3.4", "1.2.3.-4"):
        assert not lookup.is_address(text), text


def test_without_an_answer_the_last_good_address_counts():
    """Also after a restart, and whether the server is away, silent, has an error, or answers nonsense."""

    async def story(site):
        for answer in (None, lambda request: [], gives(code=2), gives(code=3), gives(), lambda request: [b"x", b""],
                       gives("10.0.0.9", identity=b"!?"), lambda request: [request]):
            assert await site.address(answer) == "10.0.0.1"
        site.server = "0.0.0.0"
        assert await site.address(gives("10.0.0.9")) == "10.0.0.1"
        assert site.store.saved == []

    play(story, [NAME, "10.0.0.1"])


def test_without_any_address_there_is_no_connection():
    async def story(site):
        for answer in (None, lambda request: [], gives(code=3)):
            assert await site.address(answer) is None
        site.server = "0.0.0.0"
        assert await site.address(gives("10.0.0.9")) is None

    play(story)
    play(story, ["another.example.org", "10.0.0.1"])


def test_the_request_is_sent_again():
    async def story(site):
        answers = [[], [b"noise"]]
        assert await site.address(lambda request: answers.pop() if answers else []) is None
        assert len(site.requests) == 2
        site.net.good, good = None, gives("10.0.0.3")
        answers = [[]]
        assert await site.address(lambda request: answers.pop() if answers else good(request)) == "10.0.0.3"

    play(story)


def test_a_server_that_says_something_else_than_before():
    """Its answer is tried; while it fails the last good address has every second try, and stays on flash."""

    async def story(site):
        tried = []
        for _ in range(4):
            tried.append(await site.address(gives("10.6.6.6"), good=False))
        assert tried == ["10.6.6.6", "10.0.0.1"] * 2
        assert site.store.saved == []
        assert await site.address(gives("10.6.6.6")) == "10.6.6.6"
        assert site.store.saved == ["10.6.6.6"]

    play(story, [NAME, "10.0.0.1"])


def test_of_several_addresses_one_that_works_stays_and_one_that_failed_is_not_tried_at_once():
    async def story(site):
        both = gives("10.0.0.1", "10.0.0.2")
        for _ in range(10):
            assert await site.address(both) == "10.0.0.1"
        assert await site.address(both, good=False) == "10.0.0.1"
        assert await site.address(both) == "10.0.0.2"
        for _ in range(10):
            assert await site.address(both) == "10.0.0.2"
        assert site.store.saved == ["10.0.0.2"]

    play(story, [NAME, "10.0.0.1"])


def test_each_of_several_addresses_has_its_turn():
    async def story(site):
        tried = set()
        for _ in range(60):
            tried.add(await site.address(gives("10.0.0.1", "10.0.0.2", "10.0.0.3"), good=False))
        assert len(tried) == 3

    play(story)


def test_a_flash_that_cannot_be_written_costs_no_connection():
    async def story(site):
        site.store.broken = True
        assert await site.address(gives("10.0.0.1")) == "10.0.0.1"
        assert await site.address() == "10.0.0.1"  # from memory

    play(story)


def test_names_in_local_are_asked_of_their_group():
    """RFC 6762 5.1: who has the name answers by itself, so without a DNS server, too."""

    async def story(site):
        site.server = "0.0.0.0"
        real = lookup.GROUP
        with Udp(gives("192.168.1.7")) as group:
            lookup.GROUP = "127.0.0.1", group.port
            try:
                assert await site.address(host="Csms.local") == "192.168.1.7"
                assert group.got[0][12:] == dns.question("Csms.local")
            finally:
                lookup.GROUP = real

    play(story)


def test_other_tasks_run_meanwhile():
    """A DNS server that does not answer must not stop the board."""

    async def story(site):
        rounds = []

        async def count():
            while True:
                rounds.append(1)
                await asyncio.sleep_ms(10)

        task = asyncio.create_task(count())
        assert await site.address(lambda request: []) is None
        task.cancel()
        assert len(rounds) > 10

    play(story)


def test_an_address_for_another_purpose():
    async def story(site):
        with Udp(gives("10.0.0.5")) as server, replaced(lookup, PORT=server.port):
            assert await lookup.address_of(site.net, "ntp.example") == "10.0.0.5"
        with Udp(gives()) as server, replaced(lookup, PORT=server.port):
            assert await lookup.address_of(site.net, "ntp.example") is None
        assert await lookup.address_of(site.net, "a..b") is None
        assert await lookup.address_of(site.net, "10.0.0.7") == "10.0.0.7"

    play(story)


def test_a_name_that_is_none():
    async def story(site):
        assert await site.address(gives("10.0.0.1"), host="a..b") is None

    play(story)


def test_the_clock_of_the_board():
    """TLS checks the dates of certificates by it: no time is taken that would end all connections for ever."""
    year = 366 * 86400
    for stored, first in ((0, BUILT), (BUILT - 1, BUILT), (BUILT + 5, BUILT + 5), (BUILT + 21 * year, BUILT)):
        shown = []
        site = Flash()
        site.now = lambda stored=stored: stored
        net = lookup.network(site, lambda *date, shown=shown: shown.append(date), None, "", BUILT)
        assert shown == [date_of(first)]
        for seconds, expected in ((BUILT + year, BUILT + year), (BUILT - 1, None), (BUILT + 21 * year, None)):
            shown.clear()
            lookup.set_board_clock(net, seconds)
            assert shown == ([date_of(expected)] if expected else [])
