"""A web server on this machine that has one file, for updates: as fast as it goes, or so many bytes a second. It takes
what is uploaded, and keeps nothing of it."""

import http.server
import threading
import time

_PATH = "/upoint.bin"
_PIECE_BYTES = 1024


class FileServer:
    """Serves the bytes `content` on 127.0.0.1; use with `with`."""

    def __init__(self, content, bytes_a_second=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                began = time.monotonic()
                for at in range(0, len(content), _PIECE_BYTES):
                    self.wfile.write(content[at : at + _PIECE_BYTES])
                    if bytes_a_second:
                        time.sleep(max(0, began + at / bytes_a_second - time.monotonic()))

            def do_PUT(self):
                size = int(self.headers.get("Content-Length", 0))
                self.rfile.read(size)
                while not size and self.rfile.readline().strip() != b"0":  # chunked
                    pass
                self.send_response(201)
                self.end_headers()

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a board that goes away

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def url(self, host="127.0.0.1"):
        """Of the file, for a peer that knows this machine as `host`."""
        return "http://%s:%d%s" % (host, self.port, _PATH)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()
