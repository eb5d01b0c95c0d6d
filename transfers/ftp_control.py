"""The control connection of FTP (RFC 959, RFC 2428): commands, replies, login, folders, data connections."""

from micropython import const

from transfers import connection
from transfers import url as urls
from transfers.failure import failed, text_of

_MAX_LINE = const(512)
_MAX_LINES = const(100)
_MAX_FOLDERS = const(16)
_BUFFER = const(256)


async def opened(url, options):
    """A Control to the server of `url`, logged in, for files as bytes. TransferError."""
    control = Control(await connection.connect(url.host, url.port, options, size=_BUFFER), url, options)
    is_open = False
    try:
        await control.log_in(url.user, url.password)
        is_open = True
        return control
    finally:
        if not is_open:
            control.close()


def segments(url):
    """The parts of the path of `url`, decoded: folders, and the name of the file, which may be empty (RFC 1738 3.2.2).
    The first one is "/" if the path begins at the root of the server: ftp://host//etc/x or ftp://host/%2Fetc/x."""
    path, _, kind = url.path[1:].partition(";type=")
    if kind.lower() == "d":
        raise failed("bad url", "a listing is no file")
    parts = [urls.decoded(part) for part in path.split("/")]
    if not all([_is_one_line(part) for part in parts + [url.user or b"", url.password or b""]]):
        raise failed("bad url", "a line ends within a name")
    root = [b"/"] if len(parts) > 1 and not parts[0] else []
    folders = root + [part for part in parts[:-1] if part]
    if len(folders) > _MAX_FOLDERS:
        raise failed("bad url", "more than %d folders" % _MAX_FOLDERS)
    return folders, parts[-1]


def _is_one_line(text):
    """Whether `text` can be the argument of a command, and not be one itself."""
    return b"\r" not in text and b"\n" not in text and b"\0" not in text


class Control:
    """A conversation with an FTP server."""

    def __init__(self, line, url, options):
        self._line, self._host, self._options = line, url.host, options

    def close(self):
        self._line.close()

    async def log_in(self, user, password):
        """As `user`, or as anonymous if that is None."""
        self._line.step = "greeting"
        reply = await self.reply()
        while reply[0] == 120:  # in some minutes
            reply = await self.reply()
        self.check(reply, 220)
        if user is None:
            user, password = b"anonymous", b"anonymous@"
        reply = await self.ask(b"USER", user)
        if reply[0] == 331:
            reply = await self.ask(b"PASS", password or b"")
        self.check(reply, 230, 202)
        await self.command(b"TYPE", b"I", 200)

    async def enter(self, folders):
        for folder in folders:
            await self.command(b"CWD", folder, 250, 200)

    async def command(self, verb, argument, *expected):
        """The text of the reply to a command; TransferError if its code is none of `expected`."""
        return self.check(await self.ask(verb, argument), *expected)

    def check(self, reply, *expected):
        """The text of `reply`, (code, text). TransferError; a code 4xx may be another one another time."""
        code, text = reply
        if code not in expected:
            error = self._line.failed("refused", "%d %s" % reply, 400 <= code < 500)
            error.code = code
            raise error
        return text

    async def ask(self, verb, argument=None):
        """(code, text) of the reply to a command."""
        if argument is not None and not _is_one_line(argument):
            raise failed("source", "a line ends within its name")
        self._line.step = verb.decode()
        await self._line.send(verb + (b"" if argument is None else b" " + argument) + b"\r\n")
        return await self.reply()

    async def say_goodbye(self):
        await self._line.send(b"QUIT\r\n")

    async def reply(self):
        """(code, text) of the next reply, of its last line if it has some (RFC 959 4.2)."""
        line = await self._line.line(_MAX_LINE, 8192)
        code = line[:3]
        if len(code) < 3 or not code.isdigit() or line[3:4] not in (b" ", b"-", b""):
            raise self._line.failed("protocol", "no reply of FTP: %s" % text_of(line))
        count = 0
        while line[:3] != code or line[3:4] == b"-":
            line = await self._line.line(_MAX_LINE, 8192)
            count += 1
            if count > _MAX_LINES:
                raise self._line.failed("protocol", "a reply of more than %d lines" % _MAX_LINES)
        return int(code), text_of(line[4:])

    async def data(self):
        """A data connection, which the server waits for. Its address is that of this conversation: one that the server
        names may be that of a private network, or of somebody else."""
        code, text = await self.ask(b"EPSV")
        port = _extended_port(text) if code == 229 else None
        if port is None:
            text = await self.command(b"PASV", None, 227)
            port = _port(text)
        if not port:
            raise self._line.failed("protocol", "no port: %s" % text)
        return await connection.connect(self._host, port, self._options, address=self._line.address)


def _extended_port(text):
    """The port in "... (|||6446|)", or None."""
    inner = text[text.find("(") + 1 :].split(")")[0]
    parts = inner.split(inner[0]) if inner else ()
    return int(parts[3]) if len(parts) == 5 and parts[3].isdigit() and 0 < int(parts[3]) < 65536 else None


def _port(text):
    """The port in "... (h1,h2,h3,h4,p1,p2)", with or without parentheses, or 0."""
    numbers = "".join([character if character.isdigit() else " " for character in text.replace(",", " ")]).split()
    if len(numbers) < 6 or not all([len(number) < 4 and int(number) < 256 for number in numbers[-6:]]):
        return 0
    return int(numbers[-2]) * 256 + int(numbers[-1])
