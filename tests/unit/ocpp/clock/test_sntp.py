"""The time from an SNTP server (RFC 4330), over real UDP: one that is right, lies, is silent, answers garbage."""

import asyncio
import sys

from helpers import finish, replaced
from udp_server import Udp, closed_port

from ocpp import log
from ocpp.clock import sntp
from ocpp.link import lookup
from ocpp.clock import Clock
from ocpp.clock.iso8601 import parse

BUILT = parse("2026-11-28T00:00:00Z")
TRUE = parse("2027-03-04T05:06:07Z")
_TO_2000 = 3155673600
PATIENCE_MS = 600


def answer(request, seconds=TRUE, first=0x24, stratum=2, size=48, **changes):
    """What a server sends whose time that is; `changes` of its fields: `origin`, `sent`."""
    sent = changes.get("sent", ((seconds + _TO_2000) & 0xFFFFFFFF).to_bytes(4, "big") + b"\x80\x00\x00\x00")
    origin = changes.get("origin", request[40:48])
    return (bytes((first, stratum)) + bytes(22) + origin + bytes(8) + sent + bytes(20))[:size]


class Site:
    """A board and its engine; its clock was set to `shown`; the SNTP server of its configuration is this machine."""

    def __init__(self):
        self.shown = []
        self.store, self.clock = self, Clock()
        self.net = lookup.network(self, lambda *date: self.shown.append(date), lambda: "0.0.0.0", "127.0.0.1", BUILT)
        self.shown.clear()

    def load(self, name):
        return None

    async def ask(self, *answers, times=1):
        """Its set_clock(), with a server that gives one of `answers` (lists of datagrams, or functions of the request
        that give one) to each request, the last one for ever; the requests."""
        answers = list(answers)

        def reply(request):
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            return found(request) if callable(found) else found

        with Udp(reply) as server, replaced(sntp, PORT=server.port):
            for _ in range(times):
                await sntp.set_clock(self.net)
            return server.got


def play(story):
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    log.configure("error")
    with replaced(sntp, PATIENCE_MS=PATIENCE_MS):
        asyncio.run(finish(story(Site())))


def test_a_request_and_a_good_answer():
    async def story(site):
        requests = await site.ask(lambda request: [answer(request)])
        assert site.shown == [(2027, 3, 4, 5, 6, 7)]
        assert len(requests) == 1 and len(requests[0]) == 48 and requests[0][:1] == b"\x23"
        assert requests[0][1:40] == bytes(39) and requests[0][40:] != bytes(8)
        assert not site.clock.synced and site.clock.stamp()[:4] == "2000"

    play(story)


def test_two_requests_differ():
    """Or who sees neither could answer."""

    async def story(site):
        first = await site.ask(lambda request: [answer(request)])
        site.net.ntp_wait_s = 0
        assert (await site.ask(lambda request: [answer(request)]))[0][40:] != first[0][40:]

    play(story)


def test_one_that_answers_garbage_lies_or_has_no_time():
    """What is no good answer is left aside: a later one counts. What comes is the same each time, but for the good."""
    bad = (
        lambda request: b"",
        lambda request: b"garbage",
        lambda request: request,
        lambda request: answer(request, size=47),
        lambda request: answer(request, origin=b"notasked"),
        lambda request: answer(request, first=0x23),  # a client
        lambda request: answer(request, first=0xE4),  # alarm: its clock is not synchronized
        lambda request: answer(request, first=0x04),  # version 0
        lambda request: answer(request, stratum=16),
        lambda request: answer(request, sent=bytes(8)),
        lambda request: answer(request, seconds=BUILT - 1),
        lambda request: answer(request, seconds=0),
        lambda request: answer(request, seconds=BUILT + 21 * 366 * 86400),
    )

    async def story(site):
        for make in bad:
            site.shown.clear()
            site.net.ntp_wait_s = 0
            await site.ask(lambda request, make=make: [make(request), answer(request)])
            assert site.shown == [(2027, 3, 4, 5, 6, 7)]
            assert sntp.seconds_of(make(bytes(40) + b"nonce123"), b"nonce123", BUILT) is None

    play(story)


def test_one_that_is_silent_then_one_that_only_lies():
    """The request is sent twice, then it takes its time; the clock stays."""

    async def story(site):
        requests = await site.ask([])
        assert len(requests) == 2 and requests[0] == requests[1] and site.shown == []
        assert site.net.ntp_wait_s == 4
        site.net.ntp_asked -= 4000
        await site.ask(lambda request: [answer(request, seconds=5)])
        assert site.shown == [] and site.net.ntp_wait_s == 8

    play(story)


def test_a_flood_does_not_hold_it_up():
    async def story(site):
        await site.ask(lambda request: [b"flood"] * 40)
        assert site.shown == []

    play(story)


def test_it_is_not_asked_again_at_once():
    async def story(site):
        assert len(await site.ask(lambda request: [answer(request)], times=3)) == 1
        waits = []
        for _ in range(12):
            site.net.ntp_asked -= site.net.ntp_wait_s * 1000
            assert len(await site.ask(lambda request: [answer(request)])) == 1
            waits.append(site.net.ntp_wait_s)
        assert waits[:3] == [8, 16, 32] and waits[-1] == 1024

    play(story)


def test_one_that_refuses_is_left_in_peace():
    async def story(site):
        requests = await site.ask(lambda request: [answer(request, stratum=0)], times=2)
        assert len(requests) == 1 and site.shown == [] and site.net.ntp_wait_s == 1024

    play(story)


def test_without_a_server_or_its_address_the_next_try_may_come_at_once():
    async def story(site):
        with replaced(sntp, PORT=closed_port()):
            await sntp.set_clock(site.net)
            site.net.ntp = "ntp.example"  # and there is no DNS server yet
            await sntp.set_clock(site.net)
        assert site.shown == [] and site.net.ntp_wait_s == 0

    play(story)


def test_the_count_begins_at_0_again_in_2036():
    for text in ("2036-02-07T06:28:15Z", "2036-02-07T06:28:16Z", "2040-01-01T00:00:00Z"):
        message = answer(bytes(40) + b"nonce123", seconds=parse(text))
        assert sntp.seconds_of(message, b"nonce123", BUILT) == parse(text)


def test_before_which_connections_it_is_asked():
    """Only where the time matters, and the central system has not sent it."""

    async def story(site):
        asked = []

        async def note(net):
            asked.append(net.ntp)

        real, sntp.set_clock = sntp.set_clock, note
        try:
            for needed, server, synced, count in ((True, "127.0.0.1", False, 1), (False, "127.0.0.1", False, 0),
                                                  (True, "", False, 0), (True, "127.0.0.1", True, 0)):
                asked.clear()
                site.net.ntp, site.clock.synced = server, synced
                await sntp.prepare(site.net, needed)
                assert len(asked) == count
        finally:
            sntp.set_clock = real

    play(story)
