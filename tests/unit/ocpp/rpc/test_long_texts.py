"""Long texts in JSON, read without a second copy of them."""

import json

import strict_json
from ocpp.rpc import long_texts

LONG = 'a"b\\c/\n\t\r\b\f\u20ac\U0001f600' * 80


def test_values_are_those_of_json():
    for value in (
        [2, "i", "DataTransfer", {"data": LONG, "vendorId": "x"}],
        [LONG, {"a": [LONG, 1, None, True, {"b": LONG + "x"}], "c": 1.5}, "", LONG],
        {"short": 'x\\"y', "n": -1},
        {LONG: 1, "a": LONG},
        ["x" * 5000, "\\" * 5000, '"' * 5000],
        [],
    ):
        text = json.dumps(value).replace("\x08", "\\b").replace("\x0c", "\\f")
        assert strict_json.loads(bytearray(text.encode()), read=long_texts.loads) == json.loads(text) == value


def test_every_escape():
    text = '["%s"]' % ('\\"\\\\\\/\\b\\f\\n\\r\\t\\u20AC\\u00e9\\u0041' * 50)
    assert strict_json.loads(bytearray(text.encode()), read=long_texts.loads) == ['"\\/\b\f\n\r\t\u20ac\xe9A' * 50]


def test_the_first_long_certificate_stays_in_the_buffer():
    text = "-----BEGIN CERTIFICATE-----\n" + "A" * 3000 + "\n-----END CERTIFICATE-----\n"
    for value in (
        [2, "i", "InstallCertificate", {"certificateType": "CentralSystemRootCertificate", "certificate": text}],
        [2, "i", "CertificateSigned", {"certificateChain": text}],
        [2, "i", "SignedUpdateFirmware", {"requestId": 1, "firmware": {"signingCertificate": text, "signature": LONG}}],
        [2, "i", "DataTransfer", {"certificate": text, "certificateChain": text, "data": LONG}],
    ):
        buffer = bytearray(json.dumps(value).replace("\x08", "\\b").replace("\x0c", "\\f").encode())
        found = strict_json.loads(buffer, read=long_texts.loads)
        payload = found[3].get("firmware", found[3])
        kept = [key for key in payload if payload[key] is buffer]
        assert len(kept) == 1 and buffer == text.encode()
        payload[kept[0]] = text
        assert found == value


def test_a_short_certificate_is_a_text():
    buffer = bytearray(json.dumps([{"certificate": "short"}, "x" * 600]).encode())
    assert strict_json.loads(buffer, read=long_texts.loads) == [{"certificate": "short"}, "x" * 600]


def test_the_mark_itself_is_not_taken_for_a_text():
    text = '["%s","\\u00000"]' % ("x" * 600)
    try:
        strict_json.loads(bytearray(text.encode()), read=long_texts.loads)
    except MemoryError:
        return
    raise AssertionError("the text is taken for the other one")
