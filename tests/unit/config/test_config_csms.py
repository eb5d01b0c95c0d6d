"""The section csms of config.json: URL, certificate authority, back-off."""

from config_file import load_changes, mistake


def test_url():
    for url in ("http://h", "ws:/h", "h:9000", "ws://", "ws:///path", "ws://?a=b", "ws://{id}.h/a", "ws://h/{ID}", "ws://h/{id",
                "ws://h/id}", "ws://h/{}?a={id}"):
        assert "must be ws://host:port/path or wss" in mistake({"csms.url": url}), url
    for url in ("ws://h:0", "ws://h:65536", "ws://h:", "ws://h:x/y"):
        assert "must be with a port of 1 to 65535" in mistake({"csms.url": url}), url
    for url, sign in (("ws://h/#a", "#"), ("ws://u:p@h", "@"), ("ws://a b", " ")):
        assert mistake({"csms.url": url}).endswith('must be without "%s"' % sign), url
    for url in ("ws://h", "ws://h:1", "ws://10.0.0.1:65535/", "ws://h/a/b", "ws://h?a=b", "ws://h:1/a?b=c&d",
                "ws://h/ocpp/{id}/", "ws://h/a?cp={id}", "ws://h:1?{id}"):
        assert load_changes({"csms.url": url})["csms"]["url"] == url


def test_wss_needs_the_authority_to_verify_against():
    assert mistake({"csms.url": "wss://h"}) == (
        'csms.ca_cert is "", must be the DER file of the certificate authority for wss'
    )


def test_backoff():
    assert mistake({"csms.backoff_s": [9, 3]}).startswith("csms.backoff_s is [9, 3], must be [first,")
    assert mistake({"csms.backoff_s": [1]}) == "csms.backoff_s is [1], must be a list of 2 to 2"
    assert mistake({"csms.backoff_s": [0, 3]}) == "csms.backoff_s[0] is 0, must be 1 to 3600"


def test_the_address_of_a_security_profile_has_its_scheme():
    for profile, scheme, url in (("1", "ws", "wss://h"), ("2", "wss", "ws://h"), ("3", "wss", "http://h")):
        text = mistake({"csms.urls": {profile: url}})
        assert text == 'csms.urls.%s is "%s", must be %s://host:port/path, {id} behind the host only' % (
            profile,
            url,
            scheme,
        )
        good = scheme + "://h:1/{id}"
        assert load_changes({"csms.urls": {profile: good}})["csms"]["urls"][profile] == good
    assert "with a port of 1 to 65535" in mistake({"csms.urls": {"2": "wss://h:0"}})
