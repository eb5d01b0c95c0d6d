"""WebSocketPingInterval (1.6 9.1.34, OCPP-J 5.4): when the link pings, and when it gives a connection up."""

from charging import until
from link_world import pass_seconds, play

from ocpp import link, websocket


def test_a_ping_is_never_later_than_its_interval():
    """9.1.34: a proxy may end a connection that was idle for so long; nor is a ping much earlier."""
    for interval in (3, 10, 25, 30, 60):
        for late in (0, 17, 130, 400):

            async def story(made, net, interval=interval, late=late):
                await until(lambda: made.connected)
                await pass_seconds(made, interval * 20, late)
                times = [0] + net.sockets[0].asked
                gaps = [after - before for before, after in zip(times, times[1:])]
                assert len(gaps) >= 20 and interval * 1000 - 2000 <= min(gaps), (interval, late, gaps)
                assert max(gaps) <= interval * 1000, (interval, late, gaps)

            play(story, interval=interval)


def test_the_shortest_interval_pings_at_each_look():
    async def story(made, net):
        await until(lambda: made.connected)
        await pass_seconds(made, 10)
        assert net.sockets[0].asked == [1000 * second for second in range(1, 11)]

    play(story, interval=1)


def test_a_peer_that_does_not_answer_pings():
    """Twice WebSocketPingInterval without an answer, and the connection is given up, whatever the peer sends."""

    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        socket.answers = False
        await pass_seconds(made, 70)
        assert not socket.aborted and 22000 <= socket.asked[0] <= 25000
        for _ in range(8):
            socket.on_message(b"x", False, False)
            await pass_seconds(made, 1)
        assert socket.aborted
        await until(lambda: len(net.sockets) == 2)

    play(story, interval=25)


def test_an_answered_ping_is_not_missed():
    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        socket.answers = False
        await pass_seconds(made, 70)
        socket.pings.clear()
        await pass_seconds(made, 49)
        assert not socket.aborted

    play(story, interval=25)


def test_a_frame_that_the_peer_does_not_take():
    """After MessageTimeout the connection is given up, without pings too; a frame that takes less is no matter."""

    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        for _ in range(5):
            socket.sending = link.time.ms
            await pass_seconds(made, 30)
        assert not socket.aborted
        socket.on_message(b"x", False, False)
        await pass_seconds(made, 1)
        assert socket.aborted

    play(story, interval=0)


def test_a_ping_on_a_socket_that_breaks_is_no_error():
    async def story(made, net):
        await until(lambda: made.connected)
        net.sockets[0].error = websocket.ConnectionClosed(1006, "gone")
        await pass_seconds(made, 3)
        assert net.sockets[0].asked

    play(story, interval=3)


def test_a_changed_ping_interval_counts_at_once():
    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        await pass_seconds(made, 20)
        assert socket.asked == []
        made.keys["WebSocketPingInterval"] = 5
        await pass_seconds(made, 1)
        assert len(socket.asked) == 1
        made.keys["WebSocketPingInterval"] = 0
        await pass_seconds(made, 20)
        assert len(socket.asked) == 1

    play(story, interval=86400)
