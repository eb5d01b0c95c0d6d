"""Which requests a page of another site may have caused: foreign names (DNS rebinding), foreign origins, forms."""

from web import foreign

NAMES = "carport box.example"


def status(method="GET", **fields):
    """What it is refused with, or None; a _ in a name is a hyphen."""
    refusal = foreign.refusal(method, {name.replace("_", "-"): value for name, value in fields.items()}, NAMES)
    return refusal and refusal[0]


def test_its_addresses_and_names():
    for host in ("127.0.0.1", "192.168.4.15:8080", "[::1]:8080", "[fe80::1]", "localhost", "LOCALHOST:8080",
                 "localhost.", "carport", "Carport.local", "carport.local.:80", "box.example:8080"):
        assert status(host=host) is None, host
        assert status("POST", host=host) is None, host


def test_a_name_of_somebody_else():
    """DNS rebinding: the name leads here, and the browser takes what answers for that site."""
    for host in ("evil.example", "evil.example:8080", "localhost.evil.example", "carport.evil.example",
                 "127.0.0.1.evil.example", "127.0.0", "1.2.3.256", "1.2.3.x", "1.2.3.4.5", "other.local", ".local",
                 "", ":80", "carport,evil", "[::1", "[evil]",
                 "xcarport", "2130706433"):
        assert status(host=host) == 421, host


def test_who_names_no_host_is_no_browser():
    assert status() is None and status("POST") is None


def test_a_page_of_another_site():
    for origin in ("http://evil.example", "null", "", "http://10.0.0.1", "http://10.0.0.2:81", "http://10.0.0.2.evil.example",
                   "10.0.0.2"):
        for method in ("GET", "POST"):
            assert status(method, host="10.0.0.2", origin=origin) == 403, origin
            assert status(method, origin=origin or "x") == 403, origin
    for site in ("cross-site", "same-site", "other"):
        assert status("POST", host="10.0.0.2", sec_fetch_site=site) == 403, site


def test_a_page_of_its_own():
    for host in ("10.0.0.2", "10.0.0.2:8080", "Carport.local:8080", "[::1]:80"):
        for scheme in ("http://", "https://"):
            assert status("POST", host=host, origin=scheme + host.lower(), sec_fetch_site="same-origin") is None


def test_a_link_to_it_may_stand_anywhere():
    """The answer is shown to who follows it, and the page that it stands on does not see it."""
    assert status(host="10.0.0.2", sec_fetch_site="cross-site") is None
    assert status("HEAD", host="10.0.0.2", sec_fetch_site="cross-site") is None
    assert status("POST", host="10.0.0.2", sec_fetch_site="none") is None


def test_what_a_page_can_send_without_asking_is_no_json():
    for kind in ("application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;x"):
        assert foreign.is_json({"content-type": kind}), kind
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
                 "text/plain; application/json", "application/jsonp", "text/plain, application/json"):
        assert not foreign.is_json({"content-type": kind}), kind
    assert not foreign.is_json({})
