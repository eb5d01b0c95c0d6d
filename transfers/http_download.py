"""A download over HTTP or HTTPS, which goes on where the last one has ended if the server can (RFC 9110 14).

The functions that import return a coroutine, so that what is needed for the head is not in memory during the body."""

from transfers.collect import Receiver

_REDIRECTS = (301, 302, 303, 307, 308)


async def download(url, sink, options):
    """Bring the file at `url` to `sink`. TransferError."""
    offset, redirects = sink.position, 0
    while True:
        connection = await _connect(url, options)
        try:
            total, tag = _known(sink) if offset else (None, "")
            await _ask(connection, url, _fields(offset, tag))
            answer = await _answer(connection)
            if answer.status in _REDIRECTS:
                redirects += 1
                url = _redirected(url, answer, redirects)
            elif offset and answer.status in (206, 416):
                if await _rest(connection, answer, Receiver(sink, options), offset, total, tag):
                    return
                offset = 0  # the file has changed, or the server's ranges are wrong: once more, from the start
            elif answer.status in (200, 203):
                url = None  # with its class
                await _whole(connection, answer, Receiver(sink, options))
                return
            else:
                raise _refused(url, answer)
        finally:
            connection.close()


def _connect(url, options):
    from transfers import http_request

    return http_request.connect(url, options)


def _ask(connection, url, fields):
    from transfers import http_request

    return http_request.send(connection, "GET", url, fields)


def _answer(connection):
    from transfers import http_answer

    return http_answer.final(connection)


def _refused(url, answer):
    from transfers import http_request

    return http_request.refused(url, answer)


def _body(connection, answer, take):
    from transfers import http_body

    return http_body.read(connection, answer, take)


def _redirected(url, answer, count):
    from transfers import http_redirect

    return http_redirect.target_of(url, answer, count)


def _known(sink):
    """(bytes of the file or None, its tag or "") from the validator of `sink`."""
    total, _, tag = getattr(sink, "validator", "").partition(" ")
    return int(total) if total.isdigit() else None, tag


def _fields(offset, tag):
    fields = ["Range: bytes=%d-" % offset] if offset else []
    return fields + ["If-Range: " + tag] if tag else fields


def _validator(total, tag):
    """The validator of a version of a file, for the sink to keep."""
    return "%s %s" % ("" if total is None else total, tag)


async def _whole(connection, answer, receiver):
    length = None if answer.is_chunked else answer.length
    receiver.begin(0, length, _validator(length, answer.tag))
    await _body(connection, answer, receiver.take)
    receiver.end()


async def _rest(connection, answer, receiver, offset, total, tag):
    """Take what follows the `offset` bytes that are there, of `total` or None, from an answer 206 or 416; False if it
    is of no use."""
    first, last, size = answer.range or (None, None, None)
    if total is not None and size not in (None, total):
        return False
    size = total if size is None else size
    if answer.status == 416:
        if size != offset:
            return False
        receiver.begin(offset, size, _validator(size, tag))
        return True
    if first != offset or size is not None and last != size - 1:
        return False
    if answer.length not in (None, last - first + 1):
        return False
    receiver.begin(offset, last + 1, _validator(last + 1, answer.tag or tag))
    await _body(connection, answer, receiver.take)
    receiver.end()
    return True
