"""A server that answers the opening handshake with bytes of the test's choice, as proxies and strangers do."""

import socket
import threading
import time


class RawServer:
    """`answer`: the bytes that each connection gets after its request, before it is closed. `requests`: (monotonic s,
    bytes) of each."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}"

    def gaps(self):
        """The seconds between one request and the next."""
        times = [at for at, _ in self.requests]
        return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]

    def _serve(self):
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line:
                self._answer(line)

    def _answer(self, line):
        line.settimeout(5)
        request = b""
        try:
            while b"\r\n\r\n" not in request:
                part = line.recv(1000)
                if not part:
                    return
                request += part
            self.requests.append((time.monotonic(), request))
            line.sendall(self.answer)
        except OSError:
            pass

    def close(self):
        self._listener.close()
