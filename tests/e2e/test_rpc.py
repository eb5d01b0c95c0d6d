"""Frames that are broken, too long, strange or out of turn (OCPP-J 4)."""

import json

import pytest
from answers import CallError, Raw
from central import Disconnected
from scenarios import alive


@pytest.mark.parametrize(
    "text",
    [
        '[2,"q","GetConfiguration",{"key":["a"]}',
        '[2,"q","GetConfiguration",{"key":["a",]}]',
        '[2,"q","GetConfiguration",{"key" ["a"]}]',
        '[2,"q","GetConfiguration",{key:[]}]',
        '[2,"q","GetConfiguration",{"key":[01]}]',
        '[2,"q","GetConfiguration",{"key":[]}] and more',
        '[2,"q","GetConfiguration",{"key":["a\nb"]}]',
        '[2,"q","GetConfiguration",{"key":["\\x"]}]',
        '[2,"q","GetConfiguration",' + 2000 * "[",
        '[2,"q","GetConfiguration"]',
        '[2,"q","GetConfiguration",{},{}]',
        '[2,"q",7,{}]',
        '[2,"q","GetConfiguration",[]]',
        '[2,"q","GetConfiguration","{}"]',
    ],
)
def test_a_broken_call_is_refused_by_its_id(csms, station, text):
    """OCPP-J 4.2.3: FormationViolation: syntactically incorrect; the messageId can be read, so it is
    answered."""
    station()
    with pytest.raises(CallError, match="FormationViolation|TypeConstraintViolation") as refusal:
        csms.exchange(text, "q")
    assert refusal.value.code == "FormationViolation" or text.endswith(("[]]", '"{}"]'))
    alive(csms)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "null",
        "{}",
        "[]",
        "[2]",
        "[2,",
        '{"a":',
        '[2,7,"GetConfiguration",{}]',
        '[2,null,"GetConfiguration",{}]',
        '["2","q","GetConfiguration",{}]',
        '[9,"q",{"a":1}]',
        '[0,"q","GetConfiguration",{}]',
        '[-2,"q","GetConfiguration",{}]',
        '[2.5,"q","GetConfiguration",{}]',
        '[2.0,"q","GetConfiguration",{}]',
        '[2e0,"q","GetConfiguration",{}]',
        '[true,"q","GetConfiguration",{}]',
    ],
)
def test_what_cannot_be_answered_is_ignored(csms, station, text):
    """OCPP-J 4.1.3: an unknown message type is ignored; 4.2.3: without its messageId nothing can be
    answered."""
    station()
    csms.send(text)
    alive(csms)


def test_a_message_id_that_is_too_long(csms, station):
    """OCPP-J 4.1.4: 36 characters at most; 4.2.3 names "unique identifier too long" as a reason for a
    CALLERROR."""
    station()
    message_id = 40 * "x"
    for text in (json.dumps([2, message_id, "GetConfiguration", {}]), f'[2,"{message_id}","GetConfiguration",{{]'):
        with pytest.raises(CallError):  # with the whole id, else nobody could tell whose it is
            csms.exchange(text, message_id)
    alive(csms)
    longest = 36 * "y"
    assert csms.exchange(
        json.dumps([2, longest, "GetConfiguration", {"key": ["a"]}]), longest, "GetConfiguration"
    )


@pytest.mark.parametrize("size", [20_000, 400_000])
def test_an_oversized_call_is_refused(csms, station, size):
    """A CALL too large, even for the whole heap, gets a CALLERROR, and the connection stays (architecture.md,
    Decisions)."""
    station()
    with pytest.raises(CallError):
        csms.exchange(json.dumps([2, "big", "ChangeConfiguration", {"key": "x", "value": size * "x"}]), "big")
    alive(csms)


def test_an_oversized_call_in_fragments(csms, station):
    """architecture.md, Decisions; RFC 6455 5.4: the limit is the message's, not the frame's."""
    station()
    parts = ['[2,"big","ChangeConfiguration",{"key":"x","value":"', *(20 * [1000 * "x"]), '"}]']
    with pytest.raises(CallError):
        csms.exchange(parts, "big")
    alive(csms)


def test_a_fragmented_call(csms, station):
    """RFC 6455 5.4: a message may come in fragments, cut anywhere."""
    station()
    parts = ['[2,"q","GetConf', 'iguration",{"key":["Grö', 'ße"]}]', ""]
    assert csms.exchange(parts, "q", "GetConfiguration")["unknownKey"] == ["Größe"]


def test_a_binary_message_does_no_harm(csms, station):
    """OCPP-J 4.1.2: messages are text; what becomes of a binary one is not said, but the charge point lives
    on."""
    station()
    csms.send(b'[2,"q","GetConfiguration",{}]')
    try:
        assert csms.call("GetConfiguration")
    except Disconnected:
        csms.wait_connected(2)
        assert csms.call("GetConfiguration")


def test_null_stands_for_an_empty_payload(csms, station):
    """OCPP-J 4.2.1: null or {} if there is no payload; 4.2.2: in answers, too."""
    csms.interval = 1
    csms.once("StatusNotification", Raw('[3,"{id}",null]'))
    station()
    answer = csms.exchange('[2,"q","GetConfiguration",null]', "q", "GetConfiguration")
    assert len(answer["configurationKey"]) > 5
    csms.expect("Heartbeat")


@pytest.mark.parametrize(
    "written, meant",
    [
        ('"Gr\\u00f6\\u00dfe \\ud83d\\ude00"', "Größe 😀"),
        ('"Größe 😀"', "Größe 😀"),
        ('"\\u0041\\/\\"\\\\\\t"', 'A/"\\\t'),
        ('"ключ"', "ключ"),
        ('"\\u0000"', "\0"),
        ('"' + 50 * "😀" + '"', 50 * "😀"),
    ],
)
def test_any_unicode_text_comes_back_unharmed(csms, station, written, meant):
    """OCPP-J 4.1.2: JSON in UTF-8; unknownKey repeats what was asked. 50 is 50 characters, not bytes
    (7.17)."""
    station()
    text = '[2,"q","GetConfiguration",{"key":[%s]}]' % written
    assert csms.exchange(text, "q", "GetConfiguration")["unknownKey"] == [meant]


@pytest.mark.parametrize("written", ['"\\ud83d"', '"\\ude00\\ud83d"', '"\\ud83dx"'])
def test_half_a_character_is_refused_or_repaired(csms, station, written):
    """OCPP-J 4.1.2: a lone surrogate is no Unicode; whatever the answer, it is valid UTF-8 (the harness
    watches)."""
    station()
    try:
        csms.exchange('[2,"q","GetConfiguration",{"key":[%s]}]' % written, "q", "GetConfiguration")
    except CallError as error:
        assert error.code in ("FormationViolation", "PropertyConstraintViolation")
    alive(csms)


def test_strange_message_ids_come_back_unharmed(csms, station):
    """OCPP-J 4.1.4: a string of up to 36 characters, and nothing is said of which."""
    station()
    for message_id in (" ", "ü", 'a"b', "\\", "a]b,[", "-1"):
        frame = json.dumps([2, message_id, "GetConfiguration", {"key": ["x"]}])
        assert csms.exchange(frame, message_id, "GetConfiguration")["unknownKey"] == ["x"]
    with pytest.raises(CallError, match="FormationViolation"):
        csms.exchange('[2,"a]ü,[","GetConfiguration",{]', "a]ü,[")


def test_a_message_id_used_twice(csms, station):
    """OCPP-J 4.1.4 forbids it to the sender; one after the other both are answered all the same."""
    station()
    frame = '[2,"same","GetConfiguration",{"key":["%s"]}]'
    assert csms.exchange(frame % "a", "same", "GetConfiguration")["unknownKey"] == ["a"]
    assert csms.exchange(frame % "b", "same", "GetConfiguration")["unknownKey"] == ["b"]


def test_a_message_id_used_twice_at_once(csms, station):
    """OCPP-J 4.2.3 has a CALLERROR for a messageId that is being handled already; at most one answer a
    CALL."""
    station()
    frame = '[2,"same","GetConfiguration",{}]'
    for _ in range(3):
        csms.send(frame, "same", "GetConfiguration")
    alive(csms)


def test_an_impatient_central_system(csms, station):
    """OCPP-J 4.1.1 forbids it to the sender: the first CALL is served, each of the others is served or refused, and
    when all have their answer the charge point takes the next one."""
    station()
    lines = []
    for number in range(50):
        message_id = "q%d" % number
        text = json.dumps([2, message_id, "GetConfiguration", {"key": ["k%d" % number]}])
        lines.append(csms.send(text, message_id, "GetConfiguration"))
    for number, line in enumerate(lines):
        try:
            answer = csms.await_answer("q%d" % number, line)
            assert answer == {"configurationKey": [], "unknownKey": ["k%d" % number]}
        except CallError as refusal:
            assert number and refusal.code == "GenericError"
    alive(csms)
