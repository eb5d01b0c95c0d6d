"""Questions to a DNS server and its answers as bytes (RFC 1035 4): bounds on all that comes in."""

import os

from helpers import raises

from ocpp.link import dns

ID = b"\x12\x34"
ASKED = dns.question("csms.example.org")
TO_NAME = b"\xc0\x0c"  # a pointer to the name in the question


def name(text):
    return b"".join([bytes((len(label),)) + label.encode() for label in text.split(".")]) + b"\x00"


def record(owner, kind, value, family=1):
    return owner + bytes((0, kind, family >> 8, family & 255)) + b"\x00\x00\x00\x3c" + bytes((0, len(value))) + value


def answer(*records, identity=ID, flags=b"\x81\x80", asked=ASKED, questions=1, count=None):
    counts = bytes((0, questions, 0, len(records) if count is None else count, 0, 0, 0, 0))
    return identity + flags + counts + asked + b"".join(records)


def read(message):
    return dns.addresses(message, ID, ASKED)


HOST = record(TO_NAME, 1, b"\x0a\x00\x00\x01")


def test_a_request():
    assert ASKED == b"\x04csms\x07example\x03org\x00\x00\x01\x00\x01" == dns.question("csms.example.org.")
    assert dns.request(ID, ASKED) == ID + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + ASKED


def test_what_is_no_host_name():
    for text in ("", ".", "a..b", ".a", "x" * 64 + ".org", ".".join(["x" * 60] * 5)):
        raises(ValueError, dns.question, text)
    assert dns.question(".".join(["x" * 63] * 3 + ["y" * 60]))


def test_addresses():
    assert read(answer(HOST)) == ["10.0.0.1"]
    assert read(answer(HOST, record(TO_NAME, 1, b"\x0a\x00\x00\x02"))) == ["10.0.0.1", "10.0.0.2"]
    assert read(answer(record(name("CSMS.Example.ORG"), 1, b"\x01\x02\x03\x04"))) == ["1.2.3.4"]
    assert read(answer(HOST, asked=ASKED.replace(b"csms", b"cSmS"))) == ["10.0.0.1"]
    assert read(answer(HOST, record(name("a"), 1, b"\x01\x01\x01\x01"), count=1)) == ["10.0.0.1"]  # authority, more


def test_another_name_for_it():
    alias = record(TO_NAME, 5, name("front.cloud.example"))
    again = record(name("front.cloud.example"), 5, name("b.example"))
    host = record(name("b.example"), 1, b"\x05\x06\x07\x08")
    for records in ((alias, again, host), (host, again, alias)):
        assert read(answer(*records)) == ["5.6.7.8"]
    assert read(answer(alias, again)) == []
    assert read(answer(alias, record(name("front.cloud.example"), 5, TO_NAME))) == []  # round and round
    chain = [record(name("n%d" % n), 5, name("n%d" % (n + 1))) for n in range(30)]
    assert read(answer(record(TO_NAME, 5, name("n0")), *chain, record(name("n30"), 1, b"\x01\x02\x03\x04"))) == []


def test_who_has_no_address():
    assert read(answer(flags=b"\x81\x83")) == []  # NXDOMAIN
    assert read(answer(flags=b"\x81\x82")) == []  # SERVFAIL
    assert read(answer()) == []
    assert read(answer(record(TO_NAME, 28, bytes(16)))) == []  # IPv6 only
    assert read(answer(record(TO_NAME, 1, b"\x0a\x00\x00\x01", family=3))) == []
    assert read(answer(record(TO_NAME, 1, b"\x0a\x00\x00"))) == []
    for nobody in (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\xe0\x00\x00\xfb"):
        assert read(answer(record(TO_NAME, 1, nobody))) == []
    assert read(answer(record(name("other.example.org"), 1, b"\x0a\x00\x00\x01"))) == []


def test_what_is_no_answer_to_the_question():
    for message in (
        b"", ID, answer(HOST)[:20],
        answer(HOST, identity=b"\x12\x35"),
        answer(HOST, flags=b"\x01\x80"),  # a question
        answer(HOST, flags=b"\xa9\x80"),  # of another kind
        answer(HOST, asked=dns.question("csms.example.com")),
        answer(HOST, questions=0),
        answer(HOST, questions=2),
    ):
        assert read(message) is None, message


def test_malformed_answers():
    at = 12 + len(ASKED)
    itself, after = bytes((0xC0, at)), bytes((0xC0, at + 4))
    for owner in (itself, after, b"\xff\xff", b"\x01a" + itself, b"\x01a" + after,
                  b"\x40" + b"a" * 64 + b"\x00", b"\x80\x00", (b"\x3f" + b"a" * 63) * 4 + b"\x00", b"\x05ab"):
        assert read(answer(record(owner, 1, b"\x0a\x00\x00\x01"))) is None, owner
    assert read(answer(record(TO_NAME, 5, bytes((0xC0, at + 12))))) is None
    assert read(answer(HOST[:-1])) is None
    assert read(answer(HOST[:8])) is None
    assert read(answer(HOST, count=2)) is None
    assert read(answer(count=40)) is None


def test_a_pointer_may_point_to_a_pointer_farther_ahead_only():
    at = 12 + len(ASKED)
    first = record(TO_NAME, 5, b"\x01b" + TO_NAME)
    target = at + 12
    assert read(answer(first, record(bytes((0xC0, target)), 1, b"\x01\x02\x03\x04"))) == ["1.2.3.4"]
    loop = record(TO_NAME, 5, b"\x01b" + bytes((0xC0, target)))
    assert read(answer(loop)) is None


def test_any_bytes_are_survived():
    good = answer(record(TO_NAME, 5, name("x.example")), record(name("x.example"), 1, b"\x01\x02\x03\x04"))
    for size in range(len(good)):
        assert read(good[:size]) in (None, []), size
    for at in range(len(good)):
        for value in (0, 1, 63, 64, 192, 255):
            changed = bytearray(good)
            changed[at] = value
            found = read(bytes(changed))
            assert found is None or all([text.count(".") == 3 for text in found])
    for _ in range(300):
        found = read(good[: 12 + len(ASKED)] + os.urandom(60))
        assert found is None or type(found) is list
