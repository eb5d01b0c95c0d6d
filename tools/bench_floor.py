"""The benchmark's zero: a peer that answers with ready-made bytes, so its time is harness and kernel.

python tools/bench_floor.py PORT KEYS; KEYS as for reference_cp.py.
"""

import json
import socket
import sys

from websockets.client import ClientProtocol
from websockets.uri import parse_uri


def _frame(text):
    """A client's text frame with the mask key 0, which leaves the payload as it is (RFC 6455 5.2)."""
    size = len(text)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + text


def _connect(port):
    """A socket after the opening handshake."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    protocol = ClientProtocol(parse_uri("ws://127.0.0.1:%d/floor" % port), subprotocols=["ocpp1.6"])
    protocol.send_request(protocol.connect())
    connection.sendall(b"".join(protocol.data_to_send()))
    while not protocol.events_received():
        protocol.receive_data(connection.recv(4096))
    return connection


def main(port, keys):
    """Answer every CALL, which the harness sends in one frame, until the connection ends."""
    keys = json.dumps({"configurationKey": keys}, separators=(",", ":")).encode()
    connection = _connect(port)
    connection.sendall(_frame(b'[2,"boot","BootNotification",{}]'))
    while request := connection.recv(4096):
        if b'[2,"' in request:
            identity = request.split(b'"', 2)[1]
            answer = keys if b"GetConfiguration" in request else b'{"status":"Accepted"}'
            connection.sendall(_frame(b'[3,"%s",%s]' % (identity, answer)))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(int(sys.argv[1]), json.load(file))
