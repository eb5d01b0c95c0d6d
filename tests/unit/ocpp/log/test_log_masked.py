"""What the frame log and the diagnostics do not show."""

from app import diagnostics, diagnostics_text
from ocpp import log
from ocpp.log import dump, masked

FRAMES = (
    ('[2,"1","Authorize",{"idTag":"CARD-7"}]', '[2,"1","Authorize",{"idTag":"***"}]'),
    (
        '[2, "1", "StartTransaction", {"idTag" : "CARD-7", "meterStart" : 7}]',
        '[2, "1", "StartTransaction", {"idTag" : "***", "meterStart" : 7}]',
    ),
    (
        '[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"CARD-7"}}]',
        '[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"***"}}]',
    ),
    ('{"idTag":"CARD-7\\"CARD-7\\\\","x":"y"}', '{"idTag":"***","x":"y"}'),
    ('{"idTag":"CARD-7', '{"idTag":"***'),
    ('{"idTag":"CARD-7\\', '{"idTag":"***'),
    ('{"idTag":"CARD-7"}{"idTag":"CARD-7"}', '{"idTag":"***"}{"idTag":"***"}'),
)
SECRETS = (
    ('{"key":"AuthorizationKey","value":"hush-hush"}', '{"key":"AuthorizationKey","value":"***"}'),
    ('{"value":"hush-hush","key":"authorizationkey"}', '{"value":"***","key":"authorizationkey"}'),
    ('{"value":"hush-hush","x":"%s","key":"AuthorizationKey"}' % (700 * "x"), None),
    ('{"location":"ftp://user:hush-hush@host/path"}', '{"location":"ftp://***@host/path"}'),
    ('{"location":"ftp://us@er:hush-hush@host/p@th"}', '{"location":"ftp://***@host/p@th"}'),
    (
        '{"a":"http://host/x","location":"https://hush-hush@host"}',
        '{"a":"http://host/x","location":"https://***@host"}',
    ),
    ('{"password":"hush-hush"}', '{"password":"***"}'),
)


def test_id_tags_are_masked_unless_they_may_be_seen():
    for text, shown in FRAMES:
        assert masked.frame(text, False) == shown, masked.frame(text, False)
        assert masked.frame(text, True) == text


def test_secrets_are_always_masked():
    for text, shown in SECRETS:
        for id_tags in (False, True):
            found = masked.frame(text, id_tags)
            assert "hush" not in found, found
            assert shown is None or found == shown, found


def test_what_is_no_secret_is_shown():
    for text in (
        '{"key":["AuthorizeRemoteTxRequests"]}',
        '{"key":"HeartbeatInterval","value":"300"}',
        '[3,"1",{"status":"Accepted"}]',
        '{"url":"http://host:80/a@b"}',
        "",
        "[",
        '"',
        '{"idTag":7}',
    ):
        assert masked.frame(text, False) == text


def test_a_long_frame_is_cut():
    shown = masked.frame('{"data":"' + 5000 * "x" + '"}', False)
    assert len(shown) < 620 and shown.endswith("...")


class Lines:
    """What log.info() gets while it is open."""

    def __enter__(self):
        self.lines, self.before = [], log.info
        log.info = lambda text, *args: self.lines.append(text % args)
        return self.lines

    def __exit__(self, *error):
        log.info = self.before


def test_frames_pass_as_they_are_and_are_logged():
    got = []
    with Lines() as lines:
        take = dump.received_by(lambda *message: got.append(message))
        send = dump.sent_by(lambda data, binary=False: got.append(data))
        take(bytearray(b'{"idTag":"CARD-7"}'), False, 0)
        send('{"idTag":"CARD-7"}')
        send([b'{"idTag":', b'"CARD-7"}'])
        take(bytearray(b"\xff\x00"), False, 0)
        take(bytearray(b"\xff\x00"), True, 0)
    assert got == [
        (bytearray(b'{"idTag":"CARD-7"}'), False, 0),
        '{"idTag":"CARD-7"}',
        [b'{"idTag":', b'"CARD-7"}'],
        (bytearray(b"\xff\x00"), False, 0),
        (bytearray(b"\xff\x00"), True, 0),
    ]
    assert lines[:3] == ['received {"idTag":"***"}', 'sent {"idTag":"***"}', 'sent {"idTag":"***"}']
    assert lines[3:] == ["received (2 bytes, cut within a character)", "received (binary)"]


def test_an_answer_in_pieces_leaves_piece_by_piece():
    made = []

    def pieces():
        for piece in (b'[3,"1",{"a":1', b"", b',"b":2}]'):
            made.append(piece)
            yield piece

    with Lines() as lines:
        leaves = dump.sent_by(lambda data, binary=False: data)(pieces())
        assert made == []
        assert next(leaves) == b'[3,"1",{"a":1' and len(made) == 1
        assert list(leaves) == [b"", b',"b":2}]']
    assert lines == ['sent [3,"1",{"a":1', 'sent, further: ,"b":2}]']


def test_secrets_of_the_configuration_are_masked():
    config = {
        "csms": {"url": "wss://host/{id}?token=hush-hush", "authorization_key": "hush-hush", "ca_cert": ""},
        "network": {"wifi": [{"ssid": "home", "password": "hush-hush"}]},
        "web": {"user": "admin", "password": "", "port": 80},
        "ocpp": {"AuthorizationKey": "hush-hush", "X": "1"},
    }
    shown = diagnostics_text.masked("", config)
    assert "hush" not in repr(shown)
    assert shown["csms"] == {"url": "wss://host/{id}?***", "authorization_key": "***", "ca_cert": ""}
    assert shown["web"] == config["web"] and shown["ocpp"] == {"AuthorizationKey": "***", "X": "1"}
    assert shown["network"]["wifi"][0]["ssid"] == "home"


def test_a_name_of_a_file_from_any_id():
    assert diagnostics._name("CP/1 \u00fc..\\x", "2026-11-28T23:59:00Z") == "CP_1__.._x-20261128T235900Z.txt"
