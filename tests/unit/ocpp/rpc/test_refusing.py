"""Whose CALL a frame was that cannot be read (OCPP-J 4.2, 4.2.3)."""

from ocpp.rpc.refusing import beginning


def test_how_broken_frames_begin():
    """The message type and the messageId, of any length, of which a CALL is refused and an answer is delivered."""
    for head, expected in (
        (b'[2,"abc","Action",{"a":', (2, "abc")),
        (b'[2,"abc"', (2, "abc")),
        (b' [ 2 , "a b" x', (2, "a b")),
        (b'[2,"a\\u00e9\xc3\xa9",', (2, "a\xe9\xe9")),
        (b'[2,"a\\"b","x', (2, 'a"b')),
        (b'[2,"' + b"x" * 37 + b'",', (2, "x" * 37)),
        (b'[2,"' + b"x" * 900 + b'",', (2, "x" * 900)),
        (b'[3,"abc",{', (3, "abc")),
        (b'[4,"abc"', (4, "abc")),
        (b'[2,"abc', None),
        (b'[2,"a\\', None),
        (b'[2,"\t",', None),
        (b'[22,"abc",', None),
        (b'[2.0,"abc",', None),
        (b'[5,"abc",', None),
        (b'["2","abc",', None),
        (b'[2,3,"abc",', None),
        (b'{"2":"abc"', None),
        (b"[2,", None),
        (b"", None),
    ):
        assert beginning(bytearray(head)) == (expected or (None, None)), head
