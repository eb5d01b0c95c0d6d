"""What a server says in a handshake of TLS that is made by hand: read in any pieces, bounded, explained (white paper
A00.FR.003, 315, 322, 419, 426; RFC 5246 7.4)."""

import asyncio
import os

from helpers import finish

from ocpp.link import tls_probe
from ocpp.link.tls_probe import Answer, explain

OLD, WEAK, DENIED = "InvalidTLSVersion", "InvalidTLSCipherSuite", "FailedToAuthenticateAtCentralSystem"


class Stream:
    """A server that has sent `data`, which arrives in pieces of `size` bytes."""

    def __init__(self, data, size):
        self.data, self.size = data, size

    async def readexactly(self, count):
        if len(self.data) < count:
            raise EOFError
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    async def read(self, count):
        count = min(count, self.size)
        taken, self.data = self.data[:count], self.data[count:]
        return taken


def sized(data, width):
    return len(data).to_bytes(width, "big") + data


def message(kind, body=b""):
    return bytes((kind,)) + sized(body, 3)


def server_hello(version=0x0303, suite=0xC02B, compression=0, session=b"s" * 32):
    body = version.to_bytes(2, "big") + b"r" * 32 + sized(session, 1) + suite.to_bytes(2, "big")
    return message(2, body + bytes((compression,)) + b"\x00\x05\xff\x01\x00\x01\x00")


def records(data, longest=1000, kind=22):
    parts = [data[at : at + longest] for at in range(0, len(data), longest)]
    return b"".join([bytes((kind, 3, 3)) + sized(part, 2) for part in parts])


def read(data, size=100):
    answer = Answer()

    async def main():
        try:
            await finish(tls_probe._read(answer, Stream(data, size)))
        except EOFError:
            pass

    asyncio.run(main())
    return answer


FLIGHT = server_hello() + message(11, b"c" * 3000) + message(12, b"k" * 300)


def test_a_server_that_asks_for_a_certificate_and_one_that_does_not():
    for end, asks in ((message(13, b"t" * 60) + message(14), True), (message(14), False)):
        for longest in (7, 100, 16384):
            for size in (1, 3, 256):
                answer = read(records(FLIGHT + end, longest), size)
                assert (answer.version, answer.suite, answer.asks) == (0x0303, 0xC02B, asks)
                assert not answer.compressed and answer.alert is None and not answer.foreign


def test_what_is_not_known_stays_open():
    answer = read(records(FLIGHT))
    assert answer.asks is None and answer.version == 0x0303 and explain(answer, 3) is None
    assert explain(read(b""), 2) is None


def test_explanations():
    for data, profile, words, event in (
        (records(server_hello(0x0302, 0xC013)), 2, "TLS 1.1 only", OLD),
        (records(server_hello(0x0301, 0xC013)), 2, "TLS 1.0 only", OLD),
        (records(server_hello(0x0300, 0x0005)), 2, "has SSL only", OLD),
        (records(server_hello(suite=0x002F)), 2, "cipher suite 0x002F", WEAK),
        (records(server_hello(suite=0xC023)), 3, "cipher suite 0xC023", WEAK),
        (records(server_hello(compression=1)), 2, "TLS compression", WEAK),
        (records(b"\x02\x28", kind=21), 2, "no cipher suite of those", WEAK),
        (records(b"\x02\x46", kind=21), 2, "no TLS 1.2", None),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 2, "does not speak TLS", None),
        (b"SSH-2.0-x", 2, "does not speak TLS", None),
        (records(FLIGHT + message(13, b"t")), 2, "wants a certificate", DENIED),
    ):
        text, told = explain(read(data), profile)
        assert words in text and told == event, text
    for suite in (0xC02B, 0xC02C, 0xC02F, 0xC030, 0x009C, 0x009D):
        assert explain(read(records(server_hello(suite=suite) + message(14))), 3) is None


def test_a_server_that_never_ends_is_left():
    answer = read(records(server_hello() + message(11, b"c" * 200000), 16384), 256)
    assert answer.suite == 0xC02B and answer.asks is None


def test_no_bytes_break_it():
    for number in range(300):
        noise = os.urandom(number)
        read(noise, 7)
        read(records(noise or b"x", 50), 9)
        flight = bytearray(records(FLIGHT + message(13, b"t"), 300))
        flight[number * 7 % len(flight)] ^= 1 << number % 8
        read(bytes(flight), 64)


def test_our_hello():
    """It names the host unless that is an address, and offers null compression only (A00.FR.320, 424)."""
    for host, named in (("csms.example", True), ("10.0.0.1", False)):
        hello = tls_probe.hello(host)
        assert hello[:3] == b"\x16\x03\x01" and len(hello) == 5 + (hello[3] << 8 | hello[4])
        assert hello[5] == 1 and hello[9:11] == b"\x03\x03"
        assert (host.encode() in hello) == named
        suites = hello[44] << 8 | hello[45]
        assert hello[46 + suites : 48 + suites] == b"\x01\x00"
