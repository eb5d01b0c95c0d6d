"""The benchmark's central system: blocking sockets and `websockets` without I/O, the same for every peer."""

import json
import select
import socket
import time
from pathlib import Path

from processes import PATIENCE_S
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol


class Silent(Exception):
    """A peer that did not connect, boot or answer; args[0] says which and what."""


class Peer:
    """One connected charge point, which runs as `child`."""

    def __init__(self, connection, child):
        self.child = child
        self.boot = None
        self.received = []  # (moment, action, payload) of its CALLs
        self._connection = connection
        self._protocol = ServerProtocol(subprotocols=["ocpp1.6"])
        self._parts = []
        self._messages = []
        self._count = 0
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(PATIENCE_S)

    def settle(self, quiet_s=0.5):
        """Answer what the peer sends until it has booted and then been quiet for a while."""
        deadline = time.monotonic() + PATIENCE_S
        while select.select([self._connection], [], [], quiet_s)[0] or self.boot is None:
            if time.monotonic() > deadline:
                raise Silent("%s did not boot and fall quiet" % self.child.name)
            self._receive()
            while self._messages:
                self._serve(self._messages.pop(0))

    def calls(self, action, payloads):
        """Send one CALL for each payload, each after the answer to the one before.

        Returns (list of round trips in s, list of answers as text).
        """
        frames = []
        for payload in payloads:
            self._count += 1
            call = [2, "bench-%d" % self._count, action, payload]
            frames.append(json.dumps(call, separators=(",", ":")).encode())
        times, answers = [], []
        for frame in frames:
            began = time.perf_counter()
            self._send(frame)
            answer = self._answer()
            times.append(time.perf_counter() - began)
            answers.append(answer)
        return times, answers

    def _answer(self):
        """The next message that is no CALL of the peer; its own CALLs are answered on the way."""
        while True:
            while not self._messages:
                self._receive()
            message = self._messages.pop(0)
            if not message.startswith(b"[2"):
                return message
            self._serve(message)

    def _serve(self, message):
        _, identity, action, payload = json.loads(message)
        self.received.append((time.monotonic(), action, payload))
        answer = {}
        if action in ("BootNotification", "Heartbeat"):
            answer["currentTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        if action == "BootNotification":
            self.boot = payload
            answer |= {"interval": 86400, "status": "Accepted"}
        if action in ("Authorize", "StartTransaction", "StopTransaction"):
            answer["idTagInfo"] = {"status": "Accepted"}
        if action == "StartTransaction":
            answer["transactionId"] = 1
        self._send(json.dumps([3, identity, answer]).encode())

    def _send(self, text):
        self._protocol.send_text(text)
        self._flush()

    def _flush(self):
        for data in self._protocol.data_to_send():
            self._connection.sendall(data)

    def _receive(self):
        try:
            data = self._connection.recv(65536)
        except TimeoutError:
            raise Silent("%s did not answer" % self.child.name) from None
        if not data:
            raise Silent("%s closed the connection" % self.child.name)
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
            elif event.opcode in (Opcode.TEXT, Opcode.CONT):
                self._parts.append(bytes(event.data))
                if event.fin:
                    self._messages.append(b"".join(self._parts))
                    self._parts.clear()
        self._flush()

    def cpu_seconds(self):
        """CPU time of all threads of the peer's process so far, or None where the system does not tell."""
        try:
            stats = [path.read_text() for path in Path("/proc/%d/task" % self.child.pid).glob("*/schedstat")]
        except OSError:
            return None
        return sum(int(text.split()[0]) for text in stats) / 1e9 if stats else None

    def close(self):
        self._connection.close()


class Central:
    """Listens on a free port of 127.0.0.1 and takes one peer after the other."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.2)
        self.port = self._listener.getsockname()[1]

    def accept(self, child):
        """The Peer of a Child that got self.port, booted and quiet."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if not child.running:
                raise Silent(child.ending())
            try:
                peer = Peer(self._listener.accept()[0], child)
            except TimeoutError:
                continue
            peer.settle()
            return peer
        raise Silent("%s did not connect" % child.name)

    def close(self):
        self._listener.close()
