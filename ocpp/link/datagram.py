"""A question and its answer over UDP, without ever blocking: nothing else on a board would run meanwhile."""

import asyncio
import socket
import time

from micropython import const

_LOOK_MS = const(20)
_LONGEST = const(512)  # bytes that are read of an answer
_BURST = const(8)  # datagrams that are looked at in one go
_NOTHING_YET = const(11)  # EAGAIN
_TRIES = const(2)


async def ask(server, request, read, patience_ms, is_group=False):
    """Send `request` to `server`, an IPv4 address and a port, twice at most, and wait for its answer.

    What `read(datagram)` makes of the first one for which it is not None; None after `patience_ms`. Only what comes
    from `server` is read, unless it is the address of a group, whose members answer. OSError when the network fails."""
    where = socket.getaddrinfo(server[0], server[1])[0][-1]
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        line.setblocking(False)
        if not is_group:
            line.connect(where)  # now the network drops what others send
        for _ in range(_TRIES):
            if is_group:
                line.sendto(request, where)
            else:
                line.send(request)
            begun = time.ticks_ms()
            while time.ticks_diff(time.ticks_ms(), begun) < patience_ms // _TRIES:
                await asyncio.sleep_ms(_LOOK_MS)
                answer = _answer(line, read)
                if answer is not None:
                    return answer
        return None
    finally:
        line.close()


def _answer(line, read):
    for _ in range(_BURST):
        try:
            datagram = line.recv(_LONGEST)
        except OSError as error:
            if error.errno == _NOTHING_YET:
                return None
            raise
        answer = read(datagram)
        if answer is not None:
            return answer
    return None
