"""One HTTP connection: a request is read whole before anything is done for it, and its answer leaves when that is over,
so that whatever handles it is needed for a moment only."""

from micropython import const

MAX_BODY = 1024
_MAX_HEAD = const(1024)
_CHUNK = const(256)
_MAX_DISCARDED = const(65536)
_ERROR = 'HTTP/1.0 %d N/A\r\nContent-Type: application/json\r\n\r\n{"error": "%s"}'


class Connection:
    """What microdot takes for a stream in both directions; nothing here waits but request() and answer()."""

    def __init__(self, stream):
        self._stream = stream
        self._read = b""
        self._at = 0
        self._written = []
        self.get_extra_info = stream.get_extra_info

    async def request(self):
        """Read a request; False when there is none or its body is too large, which is the answer then."""
        end = 0
        while not end:
            more = await self._stream.read(_CHUNK)
            self._read += more
            if not more or len(self._read) > _MAX_HEAD + _CHUNK:
                return False
            end = max(self._read.find(b"\n\r\n") + 3, self._read.find(b"\n\n") + 2)
            end = end if end > 2 else 0
        missing = self._length() - (len(self._read) - end)
        if self._length() <= MAX_BODY:
            if missing > 0:
                self._read += await self._stream.readexactly(missing)
            return True
        self.refuse(413, "body too large")
        await self.answer()
        # Closed before all has been read, it would be reset, and the answer might not be seen.
        missing = min(missing, _MAX_DISCARDED)
        while missing > 0:
            more = await self._stream.read(_CHUNK)
            missing = missing - len(more) if more else 0
        return False

    def _length(self):
        """The Content-Length, 0 when there is none that can be read."""
        for line in self._read.split(b"\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                value = value.strip()
                return int(value) if value.isdigit() else 0
        return 0

    def rewind(self):
        """Begin anew with the request; nothing has been answered."""
        self._at = 0
        self._written.clear()

    def refuse(self, status, text):
        """Answer {"error": text}."""
        self._written.append((_ERROR % (status, text)).encode())

    async def answer(self):
        """Send what has been written."""
        while self._written:
            await self._stream.awrite(self._written.pop(0))

    async def readline(self):
        start, self._at = self._at, self._read.find(b"\n", self._at) + 1 or len(self._read)
        return self._read[start : self._at]

    async def readexactly(self, count):
        self._at += count
        return self._read[self._at - count : self._at]

    async def awrite(self, data):
        self._written.append(data)

    async def aclose(self):
        pass
