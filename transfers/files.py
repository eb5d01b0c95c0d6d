"""Downloads and uploads of files: the way into this room.

`options` is a dict; all of it may be left out:
  ca          certificates of the authority for https, DER or PEM: bytes, or the path of a file. Without it https is
              refused: no server is ever taken on trust. Its dates are checked by the clock of the board
  timeout_s   seconds in which nothing comes or goes before the transfer is given up: 30
  progress    called with (bytes done, bytes of the file or None), each percent, or each 16 kB without a length
  max_size    bytes that a download may have
  lookup      coroutine lookup(host) -> IPv4 address as text or None, as ocpp's lookup.address_of: without it the system
              looks names up, and everything else stops meanwhile
  room        coroutine room(bytes), awaited before each connection with what it takes of ESP-IDF's memory; the place to
              close something else, or to raise. A redirect from http to https calls it again, with more
  on_tls      called with True before a handshake of TLS and with False after it, see ocpp's Link.on_tls
  method      of an upload over HTTP: "PUT" or "POST"; content_type: "application/octet-stream"

A transfer may be cancelled at any moment; then, and after any error, all of its sockets are closed.
"""

import sys

import memory


async def download(url, sink, options=None):
    """Bring the file at `url` (text) to `sink`; TransferError, and whatever `sink` raises.

    `sink.position`: bytes that it already has; `sink.validator`: text, "" at first, set by the transfer and to be kept
    with those bytes: it tells this version of the file from others; `sink.begin(offset)`: called before the first
    write; what comes begins at `offset`, which is `position` or 0; `sink.write(view)`: `view` is valid until it
    returns. After `position` bytes of a file that is complete there is begin() and no write()."""
    try:
        await _download(url, sink, options or {})
    finally:
        _unload()


async def upload(url, source, options=None):
    """Send `source` to `url` (text); TransferError, and whatever `source` raises.

    Its name is added to a `url` that ends with a slash, or is a folder of an FTP server. `source.name`: text;
    `source.size`: bytes, or None if it is not known; `source.rewind()`: start again at the first byte, called once at
    least; `source.readinto(view)`: fill `view`, the count of bytes, 0 at the end."""
    try:
        await _upload(url, source, options or {})
    finally:
        _unload()


def _download(url, sink, options):
    """The coroutine that does it. The one above has no module in a variable, for its frame may stay in memory until its
    caller's frame is overwritten."""
    from transfers import url as urls

    target = urls.parse(url)
    if target.scheme == "ftp":
        from transfers import ftp_download as protocol
    else:
        from transfers import http_download as protocol
    return protocol.download(target, sink, options)


def _upload(url, source, options):
    from transfers import url as urls

    target = urls.parse(url)
    if target.scheme == "ftp":
        from transfers import ftp_upload as protocol
    else:
        from transfers import http_upload as protocol
    return protocol.upload(target, source, options)


def needs(url):
    """Bytes of ESP-IDF's memory that a transfer with `url` takes at its peak: sockets, and TLS if it is https.
    TransferError "bad url"."""
    from transfers import connection, url as urls

    scheme = urls.parse(url).scheme
    if scheme == "https":
        return connection.TLS_NEEDS
    return connection.PLAIN_NEEDS + (connection.CONTROL_NEEDS if scheme == "ftp" else 0)


def _unload():
    """The code of a transfer is of no use afterwards; one that still runs keeps its own."""
    for name in [name for name in sys.modules if name.startswith("transfers.")]:
        memory.forget(name)
