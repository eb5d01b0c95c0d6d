"""A connection and the next one after it (OCPP-J 3.4, 5.3, 7): the real Link on simulated sockets."""

import asyncio

from charging import until
from link_world import offline, play, section

from ocpp import log
from ocpp.websocket.frames import NO_MEMORY, TOO_LARGE, HandshakeError


def test_a_connection_with_all_it_needs():
    async def story(made, net):
        assert not made.connected and await offline(made)
        await until(lambda: made.connected)
        address, options = net.asked[0]
        assert address == ("central.example", 9, "/ocpp/RDAM%7C1")
        assert "tls" not in options and options["headers"][0].startswith(b"Authorization: Basic ")
        assert made.ups == [True]
        await made.send("x")
        assert net.sockets[0].sent == ["x"]
        await made.close()
        assert net.sockets[0].closing == (1001, "reboot")

    play(story)


def test_messages_reach_the_rpc_layer():
    async def story(made, net):
        await until(lambda: made.connected)
        take = net.sockets[0].on_message
        for identity, is_binary, loss in (("text", False, 0), ("binary", True, 0), ("head", False, TOO_LARGE),
                                          ("start", False, NO_MEMORY), ("poison", False, 0), ("more", False, 0)):
            take(bytearray(b'[2,"%s",' % identity.encode()), is_binary, loss)
        assert made.rpc.events == [
            ("refuse", "text", "FormationViolation"),
            ("refuse", "head", "OccurenceConstraintViolation"),
            ("refuse", "start", "InternalError"),
            ("refuse", "poison", "FormationViolation"),
            ("fail", b'[2,"poison",', ZeroDivisionError),
            ("refuse", "more", "FormationViolation"),
        ]
        assert made.connected

    play(story)


def test_what_breaks_is_opened_again():
    async def story(made, net):
        for number in range(1, 4):
            await until(lambda number=number: len(net.sockets) == number and made.connected)
            socket = net.sockets[-1]
            socket.end()
            assert await offline(made)
            await until(lambda number=number: len(net.sockets) == number + 1)
            assert socket.aborted and made.rpc.events == ["lost"] * number
        await until(lambda: made.connected)
        made.drop()
        await until(lambda: len(net.sockets) == 5)

    play(story)


def test_each_failure_to_connect_is_survived():
    errors = [HandshakeError(401, "no"), OSError(111), EOFError(), asyncio.TimeoutError()]

    async def story(made, net):
        await until(lambda: made.connected)
        assert len(net.asked) == len(errors) + 1 and made.ups == [True]

    play(story, errors)


def test_a_query_of_the_address_is_not_logged():
    """It may hold a secret of the owner."""

    async def story(made, net):
        lines = []
        log.configure("info")
        log.print = lambda *words: lines.append(" ".join([str(word) for word in words]))
        made.csms = section("ws://h:9/a?token=secret")
        net.sockets[0].end()
        try:
            await until(lambda: len(net.sockets) == 2)
        finally:
            log.print = print
            log.configure("error")
        assert net.asked[-1][0][2] == "/a/RDAM%7C1?token=secret"
        assert [line for line in lines if "connecting to ws://h:9/a" in line], lines
        assert not [line for line in lines if "secret" in line], lines

    async def begin(made, net):
        await until(lambda: made.connected)
        await story(made, net)

    play(begin)
