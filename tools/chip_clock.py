"""The time of the emulated chip, from outside: each packet between its radio and the network, with the chip's own time.

The emulator counts instructions, and stamps the packets it captures by that. How busy this machine is does not show
in these times."""

import calendar
import socket
import struct
import threading
import time

from processes import free_port

# The emulator's clock begins here, so that a packet's time is the time since power-on.
BASE = "2000-01-01T00:00:00"
_BASE_S = calendar.timegm((2000, 1, 1, 0, 0, 0))
_FILE_HEAD, _PACKET_HEAD = 24, struct.Struct("<IIII")
_IPV4, _TCP = b"\x08\x00", 6
CAPTURED = 96  # bytes of each packet: its heads
_LOOK_S = 0.02
_STALLED_S = 60


class Stalled(Exception):
    """The emulator does not go on."""


class Packet:
    """`ms` since power-on; of a TCP segment with content `peer`, the port of the other end, and `to_board`; `opens`:
    the port to which the board opens a connection with it."""

    peer = to_board = opens = None

    def __init__(self, ms, data, address):
        self.ms = ms
        if data[12:14] != _IPV4 or data[23] != _TCP:
            return
        tcp = 14 + (data[14] & 15) * 4
        content = int.from_bytes(data[16:18], "big") + 14 - tcp - (data[tcp + 12] >> 4) * 4
        self.to_board = data[30:34] == address
        at = tcp if self.to_board else tcp + 2
        port = int.from_bytes(data[at : at + 2], "big")
        if content > 0:
            self.peer = port
        if data[tcp + 13] & 2 and not self.to_board:
            self.opens = port


class ChipClock:
    """Reads the capture file that an emulator writes. `poke_port`: a UDP port that the emulator hands on to the
    network of the board as a broadcast, so that there is a packet when one is wanted; `board_port`: one for port 10."""

    def __init__(self, capture, address):
        self.packets = []
        self.poke_port, self.board_port = free_port(), free_port()
        self._capture, self._address = capture, socket.inet_aton(address)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._at = _FILE_HEAD
        self._lock = threading.Lock()

    def read(self):
        """All packets so far."""
        with self._lock:
            self._read()
        return self.packets

    def _read(self):
        try:
            with open(self._capture, "rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return
        at = 0
        while at + _PACKET_HEAD.size <= len(data):
            seconds, micros, size, _ = _PACKET_HEAD.unpack_from(data, at)
            if at + _PACKET_HEAD.size + size > len(data):
                break
            at += _PACKET_HEAD.size
            ms = (seconds - _BASE_S) * 1000 + micros / 1000
            self.packets.append(Packet(ms, data[at : at + size], self._address))
            at += size
        self._at += at

    def now(self):
        """Milliseconds since power-on. Stalled."""
        count = len(self.read())
        ends = time.monotonic() + _STALLED_S
        while len(self.read()) == count:
            if time.monotonic() > ends:
                raise Stalled("the emulator has not gone on for %d s" % _STALLED_S)
            self._socket.sendto(b"?", ("127.0.0.1", self.poke_port))
            time.sleep(_LOOK_S)
        return self.packets[-1].ms

    def send(self, data):
        """A datagram for port 10 of the board; nobody reads those that are only to be seen."""
        self._socket.sendto(data, ("127.0.0.1", self.board_port))

    def sleep(self, ms):
        """Until the chip is `ms` further; Stalled."""
        ends = self.now() + ms
        left = ms
        while left > 0:
            time.sleep(min(0.5, max(0.05, left / 1000)))
            left = ends - self.now()

    def close(self):
        self._socket.close()


def answer_time(packets, ours):
    """Milliseconds from the first segment with content that went to the board to the last one that came back, of those
    with ours(port of the other end); None when the packets hold no such pair."""
    found = [packet for packet in packets if packet.peer is not None and ours(packet.peer)]
    asked = [packet.ms for packet in found if packet.to_board]
    answered = [packet.ms for packet in found if not packet.to_board]
    return answered[-1] - asked[0] if asked and answered and answered[-1] >= asked[0] else None
