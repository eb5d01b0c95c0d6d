"""Queues the cards that were presented until Core takes them."""

import asyncio


class CardQueue:
    """Cards as they are shown; keeps at most `capacity` of them, then counts the oldest as `dropped`.

    `ok`: the reader answers; it is False only in readers that can be asked. `busy`: a card waits for its answer;
    `heard(good)`, unless it is None, is called with that.
    """

    capacity = 4

    def __init__(self):
        self.ok = True
        self.busy = False
        self.heard = None
        self.dropped = 0
        self._cards = []
        self._shown = asyncio.Event()

    def show(self, id_tag, number=None):
        """A card was presented at connector `number`, or, with None, at the whole charge point."""
        if len(self._cards) >= self.capacity:
            self._cards.pop(0)
            self.dropped += 1
        self._cards.append((id_tag, number))
        self._shown.set()

    async def next(self):
        """Wait for a card and return (idTag, connector number or None)."""
        while not self._cards:
            self._shown.clear()
            await self._shown.wait()
        self.busy = True
        return self._cards.pop(0)

    def answered(self, good, busy=False):
        """The answer for a card that next() gave: accepted or not; `busy`: another card still waits for its answer."""
        self.busy = busy
        if self.heard:
            self.heard(good)
