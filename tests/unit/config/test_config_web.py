"""The section web of config.json: what the network can reach has a password."""

from config_file import load_changes, mistake


def test_what_the_network_can_reach_needs_a_password():
    told = "web.password is 0 characters long, must be given where web.host is not 127.0.0.1: the whole network can ask"
    for host in ("0.0.0.0", "192.168.1.7", "::", "carport", "127", "127.0.1.1", "localhost.lan"):
        assert mistake({"web.host": host}) == told, host
        assert load_changes({"web.host": host, "web.password": "p"})["web"]["host"] == host


def test_this_machine_alone_may_do_without():
    for host in ("127.0.0.1", "localhost", "::1"):
        assert load_changes({"web.host": host})["web"]["password"] == "", host


def test_what_is_off_needs_none():
    assert load_changes({"web.host": "0.0.0.0", "web.port": 0})["web"]["password"] == ""


def test_names():
    assert load_changes({"web.names": "box.example carport.lan"})["web"]["names"] == "box.example carport.lan"
    for name, sign in (("http://box", ":"), ("box:80", ":"), ("a@b", "@")):
        assert mistake({"web.names": name}).endswith('must be without "%s"' % sign), name
