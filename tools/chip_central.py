"""A central system for the emulated board: it accepts everything, keeps the book of transactions, and sends CALLs."""

import json
import ssl
import threading
import uuid
from datetime import UTC, datetime

from csms_book import Book
from csms_meter import energy_wh
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

RESULT, ERROR = 3, 4
ID = "chip"
_ACCEPTED = {"status": "Accepted"}
_LOOK_S = 0.5
_HARMLESS = "repeated:"  # how a problem of the book begins that is none: the answer was lost


def now():
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Lost(Exception):
    """A CALL that got no answer, or a message that did not come; args[0] says which."""


class Central:
    """Use with `with`. `calls`: (action, payload) as they came; `problems`: what does not fit together in them.

    certificate: (certificate chain, key) files for wss; ws without. `authority`: the file with the one whose
    certificates clients must have."""

    def __init__(self, certificate=None, authority=None):
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        if authority:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=authority.read_bytes())
        self.calls, self.problems, self.book = [], [], Book()
        self.connections = 0
        self._connection, self._answers, self._news = None, {}, threading.Condition()
        self._server = serve(self._take, "127.0.0.1", 0, subprotocols=["ocpp1.6"], ssl=context, compression=None,
                             ping_interval=None, open_timeout=120, close_timeout=1)
        self.port = self._server.socket.getsockname()[1]
        self.scheme = "wss" if certificate else "ws"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()

    def _take(self, connection):
        with self._news:
            self._connection = connection
            self.connections += 1
        try:
            for text in connection:
                frame = json.loads(text)
                if frame[0] == 2:
                    connection.send(json.dumps([RESULT, frame[1], self._serve(frame[2], frame[3])]))
                else:
                    with self._news:
                        self._answers[frame[1]] = frame
                        self._news.notify_all()
        except ConnectionClosed:
            pass  # a power cut
        with self._news:
            if self._connection is connection:
                self._connection = None
            self._news.notify_all()

    def _serve(self, action, payload):
        """The answer to a CALL of the board."""
        with self._news:
            answer, problems = self._book(action, payload)
            self.problems += [text for text in problems if not text.startswith(_HARMLESS)]
            self.calls.append((action, payload))
            self._news.notify_all()
        return answer

    def _book(self, action, payload):
        """(answer, problems)."""
        if action == "BootNotification":
            return {"status": "Accepted", "currentTime": now(), "interval": 300}, []
        if action == "Heartbeat":
            return {"currentTime": now()}, []
        if action == "StartTransaction":
            transaction, problems = self.book.start(ID, payload)
            return {"transactionId": transaction.id, "idTagInfo": _ACCEPTED}, problems
        if action == "MeterValues":
            return {}, self.book.meter(ID, payload, energy_wh(payload["meterValue"]))
        if action == "StopTransaction":
            return {"idTagInfo": _ACCEPTED}, self.book.stop(ID, payload)[1]
        if action == "DataTransfer":
            return _ACCEPTED, []
        return {"idTagInfo": _ACCEPTED} if action == "Authorize" else {}, []

    def call(self, action, payload, goes_on):
        """(RESULT, payload) or (ERROR, [code, description, details]) of a CALL; Lost, also when goes_on() is false
        before."""
        identity = uuid.uuid4().hex[:16]
        connection = self._connection
        if connection is None:
            raise Lost("%s: the board is not connected" % action)
        try:
            connection.send(json.dumps([2, identity, action, payload]))
        except ConnectionClosed:
            raise Lost("%s: the connection broke" % action) from None

        def answered():
            return identity in self._answers or self._connection is not connection

        self._wait_for(answered, goes_on)
        frame = self._answers.pop(identity, None)
        if frame is None:
            raise Lost("%s: no answer" % action)
        return (RESULT, frame[2]) if frame[0] == RESULT else (ERROR, frame[2:])

    def mark(self):
        """For expect(): what comes from now on."""
        return len(self.calls)

    def expect(self, action, since, goes_on, **fields):
        """The payload of the first `action` from the mark `since` on that has these fields; Lost when goes_on() is
        false before."""
        def come():
            return [payload for known, payload in self.calls[since:]
                    if known == action and all(payload.get(name) == value for name, value in fields.items())]

        if not self._wait_for(come, goes_on):
            raise Lost("no %s %s" % (action, fields or ""))
        return come()[0]

    def _wait_for(self, come, goes_on):
        """Whether come() is true before goes_on() is false."""
        while True:
            with self._news:
                if come() or self._news.wait_for(come, _LOOK_S):
                    return True
            if not goes_on():
                return bool(come())
