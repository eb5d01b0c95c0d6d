"""How long the link waits before it connects again (OCPP-J 5.3, J 3.4, RFC 9110 10.2.3)."""

from charging import until
from link_world import pass_seconds, play

from ocpp.websocket.frames import HandshakeError


def test_the_pause_doubles_up_to_the_longest_less_a_random_part():
    async def story(made, net):
        await until(lambda: made.connected)
        longest = [1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000, 120000, 120000]
        assert len(made.waits) == len(longest)
        for wait, step in zip(made.waits, longest):
            assert step // 2 <= wait <= step, made.waits
        assert len(set([wait * 1000 // step for wait, step in zip(made.waits, longest)])) > 3

    play(story, [OSError(111)] * 10)


def test_J_3_4_http_404_is_tried_again_with_back_off():
    async def story(made, net):
        await until(lambda: made.connected)
        assert len(net.asked) == 9 and len(made.waits) == 8
        for wait, step in zip(made.waits, (1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000)):
            assert step // 2 <= wait <= step, made.waits

    play(story, [HandshakeError(404, "Not Found")] * 8)


def test_a_message_sets_the_pause_back_and_a_mere_connection_does_not():
    """A central system that accepts and closes at once is not stormed."""

    async def story(made, net):
        await until(lambda: made.connected)
        net.sockets[0].end()
        await until(lambda: len(net.sockets) == 2 and made.connected)
        assert 4000 <= made.waits[3] <= 8000
        net.sockets[1].on_message(b"x", False, False)
        net.sockets[1].end()
        await until(lambda: len(net.sockets) == 3)
        assert 500 <= made.waits[4] <= 1000

    play(story, [OSError(111)] * 3)


def test_an_answered_ping_sets_the_pause_back():
    """A proxy that ends idle connections is no reason for longer and longer waits."""

    async def story(made, net):
        await until(lambda: made.connected)
        await pass_seconds(made, 10)
        net.sockets[0].end()
        await until(lambda: len(net.sockets) == 2 and made.connected)
        assert 500 <= made.waits[3] <= 1000, made.waits

    play(story, [OSError(111)] * 3, interval=10)


def test_a_connection_that_stayed_sets_the_pause_back():
    """Without pings: 30 s are enough, less is not."""
    for seconds, longest in ((29, 8000), (30, 1000)):

        async def story(made, net, seconds=seconds, longest=longest):
            await until(lambda: made.connected)
            await pass_seconds(made, seconds)
            net.sockets[0].end()
            await until(lambda: len(net.sockets) == 2 and made.connected)
            assert longest // 2 <= made.waits[3] <= longest, made.waits

        play(story, [OSError(111)] * 3)


def test_retry_after_is_obeyed_within_the_bounds():
    """RFC 9110 10.2.3: not earlier than the server wants, nor all points of a site at once; within backoff_s."""
    for asked, least, most in ((30, 30000, 33000), (3600, 120000, 120000), (118, 118000, 120000)):

        async def story(made, net, least=least, most=most):
            await until(lambda: made.connected)
            assert 500 <= made.waits[0] <= 1000, made.waits
            assert least <= made.waits[1] <= most, made.waits
            assert 2000 <= made.waits[2] <= 4000, made.waits  # the steps go on as if it had not been

        play(story, [OSError(111), HandshakeError(503, "busy", asked), OSError(111)])
