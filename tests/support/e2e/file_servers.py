"""Servers of files on this machine: HTTP, HTTPS, one that answers with bytes of the test's choice, FTP."""

import http.server
import re
import socket
import threading
import warnings

with warnings.catch_warnings(action="ignore"):  # it stands on asyncore
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

TAG = '"v1"'


class _Handler(http.server.BaseHTTPRequestHandler):
    """Serves `server.files`, with ranges; takes what is PUT or POSTed into `server.uploads`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def _note(self):
        self.server.requests.append((self.command, self.path, dict(self.headers)))

    def handle_expect_100(self):
        refusal = self.server.refusals.get(self.path)
        if refusal:
            self._note()
            self._say(*refusal)
            return False
        return super().handle_expect_100()

    def _say(self, status, fields=(), body=b""):
        self.send_response(status)
        for name, value in dict(fields).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self._note()
        if self.path in self.server.refusals:
            self._say(*self.server.refusals[self.path])
            return
        content = self.server.files.get(self.path)
        if content is None:
            self._say(404, body=b"no such file")
            return
        fields = {"ETag": self.server.tag} if self.server.tag else {}
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.headers.get("If-Range", self.server.tag) == self.server.tag:
            first = int(asked[1])
            if first >= len(content):
                self._say(416, {**fields, "Content-Range": "bytes */%d" % len(content)})
                return
            fields["Content-Range"] = "bytes %d-%d/%d" % (first, len(content) - 1, len(content))
            self._say(206, fields, content[first:])
        else:
            self._say(200, fields, content)

    def do_PUT(self):
        self._note()
        if self.path in self.server.refusals:
            self.close_connection = True
            self._say(*self.server.refusals[self.path])
            return
        if self.headers.get("Transfer-Encoding") == "chunked":
            content = b""
            while size := int(self.rfile.readline(), 16):
                content += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if len(content) < int(self.headers["Content-Length"]):
                return
        self.server.uploads[self.path] = content
        self._say(201)

    do_POST = do_PUT


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that goes away


class HttpServer:
    """`files`: path -> bytes; `refusals`: path -> (status, fields, body); `requests`: (method, path, fields) of each;
    `uploads`: path -> bytes; `tag`: ETag of all files, "" for none."""

    def __init__(self, tls=None):
        self._server = _Quiet(("127.0.0.1", 0), _Handler)
        self.files = self._server.files = {}
        self.refusals = self._server.refusals = {}
        self.requests = self._server.requests = []
        self.uploads = self._server.uploads = {}
        self._server.tag = TAG
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self.url = ("https://localhost:%d" if tls else "http://127.0.0.1:%d") % self.port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def set_tag(self, tag):
        self._server.tag = tag

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def in_parts(content, end_of):
    """A script for Scripted: of `content`, from where the request asks for it, it sends what comes before
    `end_of(first, number)`, and breaks off."""

    def script(connection, head, number):
        first = re.search(rb"range: bytes=(\d+)-", head.lower())
        first = int(first[1]) if first else 0
        answer = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/%d\r\n" % (
            first, len(content) - 1, len(content)) if first else b"HTTP/1.1 200 OK\r\n"  # fmt: skip
        connection.sendall(answer + b'ETag: "v1"\r\nContent-Length: %d\r\n\r\n' % (len(content) - first))
        connection.sendall(content[first : end_of(first, number)])

    return script


class Scripted:
    """`script(connection, head, number)` is called in a thread for each connection, with the head of its request, which
    is numbered from 0; the connection is closed when it returns. `heads`: all of them; `ended`: an event, set when a
    script has found its client gone or has returned."""

    def __init__(self, script, greets=False):
        self._script, self._greets = script, greets
        self.heads = []
        self.ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection, len(self.heads)), daemon=True).start()

    def _one(self, connection, number):
        with connection:
            head = b""
            try:
                while not self._greets and b"\r\n\r\n" not in head:
                    part = connection.recv(1)
                    if not part:
                        return
                    head += part
                self.heads.append(head)
                self._script(connection, head, number)
            except OSError:
                pass
            finally:
                self.ended.set()

    def close(self):
        self._listener.close()


def drain(connection):
    """Read until the client has gone."""
    while connection.recv(4096):
        pass


class FtpServer:
    """`folder`: its files, for user "cp" with password "p@ss/word" and for anonymous; `commands`: all it was sent, but
    for passwords; `replies`: verb -> what it answers in place of the truth; `handler`: attributes of its class."""

    def __init__(self, folder, **handler):
        self.folder = folder
        self.commands, self.replies = [], {}
        authorizer = DummyAuthorizer()
        authorizer.add_user("cp", "p@ss/word", str(folder), perm="elradfmwMT")
        authorizer.add_anonymous(str(folder))
        server = self

        class Handler(FTPHandler):
            def pre_process_command(self, line, verb, argument):
                server.commands.append((verb, argument if verb != "PASS" else "*"))
                reply = server.replies.get(verb)
                if reply:
                    self.respond(reply)
                else:
                    super().pre_process_command(line, verb, argument)

        Handler.authorizer = authorizer
        for name, value in handler.items():
            setattr(Handler, name, value)
        self._loop = IOLoop()
        self._server = FTPServer(("127.0.0.1", 0), Handler, ioloop=self._loop)
        self.port = self._server.address[1]
        self.url = "ftp://127.0.0.1:%d" % self.port
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def login(self, path=""):
        return "ftp://cp:p%%40ss%%2Fword@127.0.0.1:%d%s" % (self.port, path)

    def verbs(self):
        return [verb for verb, _ in self.commands]

    def _serve(self):
        while not self._closing:
            self._loop.loop(timeout=0.01, blocking=False)
        self._server.close_all()

    def close(self):
        self._closing = True
        self._thread.join()


def fake_ftp(replies, data=b"", size=None):
    """A script for Scripted(greets=True): an FTP server that gives `data` and answers a verb with `replies`, None: not
    at all, in place of what is usual. "GREETING" and "END", after the data, are verbs here."""
    usual = {"GREETING": "220 hello", "USER": "331 who?", "PASS": "230 in", "TYPE": "200 ok", "CWD": "250 ok",
             "SIZE": "213 %d" % (len(data) if size is None else size), "MDTM": "213 20260101000000", "PASV": "500 no",
             "REST": "350 ok", "RETR": "150 here", "STOR": "150 come", "QUIT": "221 bye", "END": "226 done"}
    usual |= replies

    def script(connection, head, number):
        def answer(verb):
            if usual[verb] is not None:
                connection.sendall(usual[verb].encode() + b"\r\n")

        with socket.create_server(("127.0.0.1", 0)) as listener:
            usual.setdefault("EPSV", "229 at (|||%d|)" % listener.getsockname()[1])
            answer("GREETING")
            for line in connection.makefile("rb"):
                verb = line.split()[0].decode()
                answer(verb)
                if verb in ("RETR", "STOR") and (usual[verb] or "").startswith("150"):
                    with listener.accept()[0] as channel:
                        channel.sendall(data)
                        if verb == "STOR":
                            channel.recv(1000)
                    answer("END")

    return script
