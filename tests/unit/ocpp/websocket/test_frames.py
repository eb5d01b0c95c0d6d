"""Frames as bytes (RFC 6455 5.2, 7.4): length, mask, close code."""

from helpers import raises
from websocket_stream import TEXT, decode

from ocpp.websocket import close, frames
from ocpp.websocket.frames import ConnectionClosed


def test_encoded_lengths():
    for length, head in (
        (0, b"\x81\x80"),
        (125, b"\x81\xfd"),
        (126, b"\x81\xfe\x00\x7e"),
        (65535, b"\x81\xfe\xff\xff"),
        (65536, b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00"),
    ):
        payload = b"a" * length
        encoded = bytes(frames.encode(TEXT, payload))
        assert encoded.startswith(head), length
        assert decode(encoded) == [(TEXT, payload)]


def test_each_frame_has_a_key_of_its_own():
    assert len({bytes(frames.encode(TEXT, b"")[2:6]) for _ in range(20)}) > 15


def test_str_is_encoded_as_utf8():
    assert decode(bytes(frames.encode(TEXT, "\u20ac"))) == [(TEXT, b"\xe2\x82\xac")]


def test_close_codes():
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 4999):
        error = close.decode_close(code.to_bytes(2, "big") + b"why")
        assert (error.code, error.reason) == (code, "why")
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
        assert raises(ConnectionClosed, close.decode_close, code.to_bytes(2, "big")).code == 1002
    assert close.decode_close(b"").code == 1005
    assert raises(ConnectionClosed, close.decode_close, b"\x03").code == 1002
    assert raises(ConnectionClosed, close.decode_close, b"\x03\xe8\xff").code == 1007
    assert raises(ConnectionClosed, close.decode_close, b"\x03\xe8\xc3").code == 1007
