"""The queue that simulated and real card readers share."""

import asyncio

from hal.card.queue import CardQueue
from hal.card.reader import Reader, id_tag


def test_cards_in_their_order_with_and_without_connector():
    async def read():
        queue = CardQueue()
        assert queue.ok
        queue.show("A", 1)
        queue.show("B")
        assert await queue.next() == ("A", 1) and await queue.next() == ("B", None)
        waiting = asyncio.create_task(queue.next())
        await asyncio.sleep(0)
        assert not waiting.done()
        queue.show("C", 2)
        assert await waiting == ("C", 2)

    asyncio.run(read())


def test_the_oldest_cards_make_room():
    async def read():
        queue = CardQueue()
        for number in range(CardQueue.capacity + 3):
            queue.show("T%d" % number, number)
        assert queue.dropped == 3
        for number in range(3, CardQueue.capacity + 3):
            assert await queue.next() == ("T%d" % number, number)

    asyncio.run(read())


def test_id_tags_fit_ocpp():
    """CiString20Type, 1.6 7.15; 10 bytes are the longest UID there is (ISO/IEC 14443-3 6.5.4)."""
    for length, digits in ((3, 6), (4, 8), (7, 14), (10, 20)):
        assert id_tag(bytes(range(0xF6, 0xF6 + length)))[:6] == "F6F7F8"
        assert len(id_tag(bytes(length))) == digits <= 20


class Scripted(Reader):
    """Answers as `script` says: the ms until the next step, or None for silence."""

    def __init__(self, script):
        super().__init__()
        self.script = script
        self.steps = []

    def _step(self, now):
        self.steps.append((now, self.state))
        self.state = 7
        answer = self.script.pop(0) if self.script else None
        if answer is None:
            raise OSError
        self._ready(now)
        return answer


def test_steps_come_when_they_are_due_and_silence_starts_the_reader_again():
    reader = Scripted([100, 0, 0, None])
    start = (1 << 29) - 1000
    for now in range(0, 3000, 20):
        reader.poll(start + now)
        assert reader.ok == (now < 140), now
    # After silence from the first state, 2 s later, and so on.
    assert [(now - start, state) for now, state in reader.steps] == [
        (0, 0), (100, 7), (120, 7), (140, 7), (2140, 0)]
