"""A central system with several addresses, one for each security profile (white paper A00.FR.006), which lets in who
authenticates as it wants, and breaks off where a test says so."""

import base64
import contextlib

from websockets.exceptions import ConnectionClosed
from ws_server import WsServer


class Door:
    """One address of the central system `csms`. `passwords`: with which it lets in, None stands for a request without
    one. `state`: "open"; an HTTP status; "abort" instead of an answer to the request; "closes" the WebSocket at once;
    "deaf": it lets in and reads, and never says a word, until `shut()`. `given`: the password of each request;
    `refuses_with`: the HTTP status for a wrong one; `opened`: how many WebSockets there were."""

    def __init__(self, csms, passwords=(None,), tls=None):
        self._csms = csms
        self.passwords, self.state, self.given = set(passwords), "open", []
        self.refuses_with = 401
        self.opened = 0
        self.server = WsServer(self, tls)

    @property
    def url(self):
        return f"{self.server.scheme}://{self.server.host}:{self.server.port}{self._csms.path}"

    def shut(self):
        """Nobody answers here, and who is in is out."""
        self.server.stop_listening()
        self.server.drop()

    def close(self):
        self.server.close()

    # In the server's thread

    def on_request(self, request):
        header = request.headers.get("Authorization")
        given = base64.b64decode(header.removeprefix("Basic ")).split(b":", 1)[1] if header else None
        self.given.append(given)
        let_in = given in self.passwords
        self.server.handshake = "accept" if let_in else self.refuses_with
        if let_in and self.state not in ("open", "closes", "deaf"):
            self.server.handshake = self.state
        self._csms.password = given
        return self._csms.on_request(request)

    def on_open(self):
        self.opened += 1
        if self.state == "open":
            self._csms.server = self.server
            return self._csms.on_open()
        if self.state == "closes":
            self.server.socket.transport.close()
        return None

    async def on_message(self, line, data):
        if line is not None:
            await self._csms.on_message(line, data)

    def on_close(self, line):
        if line is not None:
            self._csms.on_close(line)

    def on_ping(self):
        self._csms.on_ping()

    def on_violation(self, text):
        self._csms.on_violation(text)


@contextlib.contextmanager
def doors(csms, *options):
    """A Door of `csms` for each of `options`, keyword arguments."""
    made = [Door(csms, **one) for one in options]
    own = csms.server
    try:
        yield made
    finally:
        csms.server = own
        for door in made:
            with contextlib.suppress(ConnectionClosed):
                door.close()
