"""One HTTP connection, read as far as the end of the head before anything else is done for it."""

from micropython import const

MAX_BODY = 1024
_MAX_HEAD = const(1024)
_CHUNK = const(256)
_MAX_DISCARDED = const(65536)
_TOO_LARGE = b'HTTP/1.0 413 N/A\r\nContent-Type: application/json\r\n\r\n{"error": "body too large"}'


class Connection:
    """What microdot takes for a stream in both directions; it is closed by whoever made it."""

    def __init__(self, stream):
        self._stream = stream
        self._read = b""
        self.awrite = stream.awrite
        self.get_extra_info = stream.get_extra_info

    async def begin(self):
        """Read the head; False when there is none or the body is too large, which has been said then."""
        while b"\n\r\n" not in self._read and b"\n\n" not in self._read:
            more = await self._stream.read(_CHUNK)
            self._read += more
            if not more or len(self._read) > _MAX_HEAD + _CHUNK:
                return False
        if self._length() <= MAX_BODY:
            return True
        await self._stream.awrite(_TOO_LARGE)
        # Closed before all has been read, it would be reset, and the answer might not be seen.
        end = max(self._read.find(b"\n\r\n") + 3, self._read.find(b"\n\n") + 2)
        left = min(self._length(), _MAX_DISCARDED) - len(self._read) + end
        while left > 0:
            more = await self._stream.read(_CHUNK)
            left = left - len(more) if more else 0
        return False

    def _length(self):
        """The Content-Length, 0 when there is none that can be read."""
        for line in self._read.split(b"\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                value = value.strip()
                return int(value) if value.isdigit() else 0
        return 0

    async def readline(self):
        end = self._read.find(b"\n") + 1
        line, self._read = self._read[:end], self._read[end:]
        return line

    async def readexactly(self, count):
        missing = count - len(self._read)
        if missing > 0:
            self._read += await self._stream.readexactly(missing)
        found, self._read = self._read[:count], self._read[count:]
        return found

    async def aclose(self):
        pass
