"""Logs the messages to and from the central system, if log.frames is set."""

from micropython import const

from ocpp import log

_LONGEST = const(4096)  # bytes that are looked at


def received_by(take):
    """`take`, an on_message of websocket.connect, that logs each message before."""

    def logged(buffer, is_binary, loss):
        _tell("received %s", "(binary)" if is_binary else buffer)
        take(buffer, is_binary, loss)

    return logged


def sent_by(send):
    """`send` of a WebSocket that logs each message before."""

    def logged(data, binary=False):
        if isinstance(data, list):
            _tell("sent %s", b"".join([bytes(piece) for piece in data]))
        elif hasattr(data, "send"):
            data = _logged_pieces(data)
        else:
            _tell("sent %s", data)
        return send(data, binary)

    return logged


def _logged_pieces(pieces):
    """The generator `pieces`, each with a line of its own."""
    text = "sent %s"
    for piece in pieces:
        if piece:
            _tell(text, piece)
            text = "sent, further: %s"
        yield piece


def _tell(text, data):
    """Log `data`, str or bytes, masked."""
    from ocpp.log import masked

    try:
        shown = data if isinstance(data, str) else bytes(data[:_LONGEST]).decode()
        shown = masked.frame(shown, log.frames > 1)
    except UnicodeError:
        shown = "(%d bytes, cut within a character)" % len(data)
    except MemoryError:
        shown = "(%d bytes, no memory to show them)" % len(data)
    log.info(text, shown)
