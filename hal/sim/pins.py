"""The pins of a simulated connector, as the drivers use them."""


class Output:
    """A digital output, called to set it or, without an argument, to read it back; `since` is when it changed, None
    if that was long ago."""

    def __init__(self, connector):
        self.level = 0
        self.since = None
        self._connector = connector

    def __call__(self, level=None):
        if level is None:
            return self.level
        level = 1 if level else 0
        if level != self.level:
            self._connector.count()
            self.level = level
            self.since = self._connector.ticks()
        return None


class Converter:
    """A converter whose `read_uv()` is the function it is made of."""

    def __init__(self, function):
        self.read_uv = function
