"""A request over HTTP when memory runs out: it is answered with 503, and never simply closed, which the client would
see as a connection that is reset."""

import asyncio

import heap
import memory
import web.connection
from app.web_server import WebServer
from helpers import finish
from web.connection import Connection, NO_MEMORY

GET = b"GET /api/status HTTP/1.0\r\n\r\n"
REFUSAL = '{"error": "%s"}' % NO_MEMORY


class Stream:
    """Both directions of a connection. `reads`: what each read gives, bytes or an exception, then the end; `fails`:
    the writes that raise MemoryError, by their number."""

    def __init__(self, *reads, fails=()):
        self.reads, self.fails = list(reads), fails
        self.sent, self.writes, self.closed = b"", 0, False

    async def read(self, count):
        piece = self.reads.pop(0) if self.reads else b""
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def awrite(self, data):
        self.writes += 1
        if self.writes in self.fails:
            raise MemoryError
        self.sent += data

    async def aclose(self):
        self.closed = True


class Point:
    """As much of a charge point as WebServer knows."""

    web = {"host": "", "port": 0, "names": "", "user": "", "password": ""}
    board = None

    class engine:  # noqa: N801  an attribute, as of a charge point
        clock = None


def serve(stream, handled=None):
    """What `stream` was sent; `handled(connection)` writes the answer, instead of web/api.py."""

    async def respond(connection):
        handled(connection)
        return True

    async def main():
        pages = WebServer(Point)
        if handled:
            pages._handled = respond
        await finish(pages._connected(stream, stream))
        assert stream.closed and not pages._open

    asyncio.run(main())
    return stream.sent.decode()


def test_no_memory_to_read_the_request():
    """What the client has sent is read before the connection is closed."""
    for reads in ((MemoryError(), GET), (GET[:9], MemoryError(), GET[9:])):
        stream = Stream(*reads)
        sent = serve(stream)
        assert sent.startswith("HTTP/1.0 503 ") and sent.endswith(REFUSAL)
        assert not stream.reads


def test_no_memory_for_the_connection_itself():
    failed = []

    def short_once(stream):
        if not failed:
            failed.append(True)
            raise MemoryError
        return Connection(stream)

    web.connection.Connection = short_once
    try:
        assert serve(Stream(GET)).endswith(REFUSAL)
    finally:
        web.connection.Connection = Connection
    assert failed


def test_no_memory_while_it_is_handled():
    def handled(connection):
        raise MemoryError

    assert serve(Stream(GET), handled).endswith(REFUSAL)


def test_no_memory_to_send_an_answer_that_is_complete():
    """What was asked for has been done: 503 would make the client ask for it again."""
    answer = Connection.answer
    failed = []

    async def short_once(self):
        if not failed:
            failed.append(True)
            raise MemoryError
        await answer(self)

    Connection.answer = short_once
    try:
        assert serve(Stream(GET), lambda connection: connection._written.append(b"done")) == "done"
    finally:
        Connection.answer = answer
    assert failed


def test_no_memory_in_the_middle_of_an_answer():
    """Nothing that is no part of it follows."""

    def handled(connection):
        connection._written += [b"head", b"body"]

    assert serve(Stream(GET, fails=(2,)), handled) == "head"


def test_no_memory_at_all():
    """The server survives when even the refusal has no room."""
    assert serve(Stream(MemoryError(), fails=(1,))) == ""


class Idf:
    """ESP-IDF's heap, as on a board."""

    HEAP_DATA = 4

    def idf_heap_info(self, kind):
        return [(8000, 4000, 2000, 1000)]


class AnsweringPoint(Point):
    """One that answers a CALL for a moment."""

    class engine(Point.engine):  # noqa: N801
        class rpc:  # noqa: N801
            waiting = [1]
            open_id = None

        class link:  # noqa: N801
            opening = connected = False


def test_a_board_without_memory_to_spare_answers_the_central_system_first():
    sent = []

    async def main():
        stream = Stream(GET)
        pages = WebServer(AnsweringPoint)
        pages._status = lambda: {"done": not AnsweringPoint.engine.rpc.waiting}
        page = asyncio.create_task(pages._connected(stream, stream))
        await asyncio.sleep_ms(150)
        assert not stream.sent
        AnsweringPoint.engine.rpc.waiting = []
        await finish(page)
        sent.append(stream.sent.decode())

    managed = memory.managed
    heap.esp32, memory.managed = Idf(), lambda: True
    try:
        asyncio.run(main())
    finally:
        heap.esp32, memory.managed = None, managed
    assert sent[0].endswith('{"done": true}')


def test_it_is_turned_away_without_code_while_a_call_takes_long():
    def loaded(stream):
        raise AssertionError("code was loaded")

    AnsweringPoint.engine.rpc.waiting = [1]
    managed = memory.managed
    heap.esp32, memory.managed, web.connection.Connection = Idf(), lambda: True, loaded
    sent = []

    async def main():
        for reads in ((GET,), (GET[:9], GET[9:-1], GET[-1:] + b"body")):
            stream = Stream(*reads)
            await finish(WebServer(AnsweringPoint)._connected(stream, stream))
            assert stream.closed and not stream.reads
            sent.append(stream.sent.decode())

    try:
        asyncio.run(main())
    finally:
        heap.esp32, memory.managed, web.connection.Connection = None, managed, Connection
    for text in sent:
        head, _, body = text.partition("\r\n\r\n")
        assert head.startswith("HTTP/1.0 503 ") and body == REFUSAL and "Content-Length: %d" % len(REFUSAL) in head


def test_it_is_turned_away_at_once_while_a_connection_is_opened():
    managed = memory.managed
    heap.esp32, memory.managed = Idf(), lambda: True
    AnsweringPoint.engine.link.opening = True
    stream = Stream(GET)
    try:
        asyncio.run(asyncio.wait_for(WebServer(AnsweringPoint)._connected(stream, stream), 1))
    finally:
        heap.esp32, memory.managed = None, managed
        AnsweringPoint.engine.link.opening = False
    assert stream.sent.decode().endswith(REFUSAL)
