"""Results of CALLs that are text already; loaded when there is one. The code that has made it, and answering.py, may be
unloaded while it is sent."""


def frame(identity, result):
    """The CALLRESULT, bytes or a list or a generator of them, for a `result` that is a list or a generator of pieces;
    `identity`: the messageId as JSON."""
    if hasattr(result, "send"):
        return _in_pieces(identity, result)
    return [b"[3,%s," % identity] + result + [b"]"]


def _in_pieces(identity, pieces):
    yield b"[3,%s," % identity
    for piece in pieces:
        yield piece
    yield b"]"
