"""An upload over HTTP or HTTPS with PUT or POST; the server is asked first whether it wants it (RFC 9110 10.1.1)."""

from micropython import const

from transfers import TransferError, http_answer, http_request
from transfers import url as urls
from transfers.feed import Sender

_PATIENCE_MS = const(1000)  # for the server to ask for the file; many do not
_EXPECTATION_FAILED = const(417)
_SIZE_LINE = const(6)  # four hexadecimal digits and the end of the line


async def upload(url, source, options):
    """Send `source` to `url`, or into the folder that `url` is if it ends with a slash. TransferError."""
    if url.path[-1] == "/":
        url.path += urls.quoted(source.name)
    method, redirects, asks = options.get("method", "PUT"), 0, True
    while True:
        answer = await _sent(url, Sender(source, options), method, asks, options)
        if 200 <= answer.status < 300:
            return
        if answer.status in (307, 308):
            redirects += 1
            url = _redirected(url, answer, redirects)
        elif answer.status == _EXPECTATION_FAILED and asks:
            asks = False
        else:
            raise http_request.refused(url, answer)


def _redirected(url, answer, count):
    from transfers import http_redirect

    return http_redirect.target_of(url, answer, count)


async def _sent(url, sender, method, asks, options):
    """The answer to one try."""
    connection = await http_request.connect(url, options)
    try:
        await http_request.send(connection, method, url, _fields(sender.size, asks, options))
        answer = await _answer_before(connection) if asks else None
        if answer is None:
            answer = await _body(connection, sender)
        return answer
    finally:
        connection.close()


def _fields(size, asks, options):
    fields = ["Content-Type: " + options.get("content_type", "application/octet-stream")]
    fields.append("Transfer-Encoding: chunked" if size is None else "Content-Length: %d" % size)
    return fields + ["Expect: 100-continue"] if asks else fields


async def _answer_before(connection):
    """The answer of a server that does not want the file; None: send it."""
    if not await connection.arrives(_PATIENCE_MS):
        return None
    answer = await http_answer.head(connection)
    if answer.status < 200:
        if not connection.unread:
            return None
        answer = await http_answer.final(connection)
    return answer


async def _body(connection, sender):
    """Send the file; the answer to it."""
    connection.step = "upload"
    try:
        await (_chunked if sender.size is None else _counted)(connection, sender)
    except TransferError as error:
        if error.reason not in ("connection", "silent"):
            raise
        try:  # a server that refuses the rest says why, and closes, or waits
            if await connection.arrives(0):
                return await http_answer.final(connection)
        except TransferError:
            pass
        raise error
    return await http_answer.final(connection)


async def _counted(connection, sender):
    while True:
        view = sender.fill(connection.view)
        if not len(view):
            return
        await connection.send(view)


async def _chunked(connection, sender):
    view = connection.view
    while True:
        count = len(sender.fill(view[_SIZE_LINE:-2]))
        end = _SIZE_LINE + count
        view[:_SIZE_LINE] = ("%04x\r\n" % count).encode()
        view[end : end + 2] = b"\r\n"
        await connection.send(view[: end + 2])
        if not count:
            return
