"""The cards that were presented, until somebody asks for them."""

import asyncio


class CardQueue:
    """Cards as they are shown; keeps at most `capacity` of them, then counts the oldest as `dropped`.

    `ok` tells whether the reader answers; it is False only in those that can be asked. `busy`: nobody
    knows yet what comes of a card; `heard(good)`, if it is there, is told.
    """

    capacity = 4
    ok = True
    busy = False
    heard = None

    def __init__(self):
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
        """This is what has come of a card that next() gave; `busy`: of another one nobody knows yet."""
        self.busy = busy
        if self.heard:
            self.heard(good)
