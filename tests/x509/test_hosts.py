"""x509/verify.py, host(): the name or address of the central system against its certificate (A00.FR.308, 412)."""

import ipaddress

import pytest
from authorities import Holder, root, server


def check(judge, holder, host):
    """None, or (reason, sentence)."""
    answer = judge("host", holder.pem, host)
    return answer and (answer["reason"], answer["error"])


MATCHES = [
    ("csms.example", "csms.example", True),
    ("csms.example", "CSMS.Example", True),
    ("CSMS.Example", "csms.example", True),
    ("csms.example", "csms.example.", True),
    ("csms.example", "other.example", False),
    ("csms.example", "a.csms.example", False),
    ("csms.example", "example", False),
    ("csms.example", "xcsms.example", False),
    ("csms.example", "", False),
    ("csms", "csms", True),
    ("*.example.org", "csms.example.org", True),
    ("*.example.org", "CSMS.example.org", True),
    ("*.example.org", "a.csms.example.org", False),
    ("*.example.org", "example.org", False),
    ("*.example.org", ".example.org", False),
    ("*.example.org", "*.example.org", True),
    ("*.org", "example.org", False),
    ("*.", "example.", False),
    ("*", "csms", False),
    ("c*.example.org", "csms.example.org", False),
    ("*s.example.org", "csms.example.org", False),
    ("csms.*.org", "csms.example.org", False),
    ("*.*.org", "csms.example.org", False),
    ("*.*.example.org", "csms.a.example.org", False),
    ("10.0.0.1", "10.0.0.1", False),  # an address as dNSName does not count
    ("*.0.0.1", "10.0.0.1", False),
    ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example", True),
]


@pytest.mark.parametrize("name, host, good", MATCHES)
def test_dns_names(judge, name, host, good):
    found = check(judge, server(root(), names=[name]), host)
    assert found == (None if good else ("host", 'The certificate "csms" is not for %s.' % host))


ADDRESSES = [
    ("10.0.0.1", "10.0.0.1", True),
    ("10.0.0.1", "10.0.0.2", False),
    ("10.0.0.1", "csms.example", False),
    ("10.0.0.1", "10.0.1", False),
    ("10.0.0.1", "::ffff:10.0.0.1", False),
    ("2001:db8::1", "2001:db8::1", True),
    ("2001:db8::1", "[2001:db8::1]", True),
    ("2001:db8::1", "2001:DB8:0:0:0::1", True),
    ("2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001", True),
    ("2001:db8::1", "2001:db8::2", False),
    ("2001:db8::1", "2001:db8::1::", False),
    ("2001:db8::1", "2001:db8:1", False),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1", True),
    ("::", "::", True),
    ("::1", "[::1]", True),
    ("::1", "[10.0.0.1]", False),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", True),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", False),
    ("1:2:3:4:5:6:0:8", "1:2:3:4:5:6::8", True),
]


@pytest.mark.parametrize("address, host, good", ADDRESSES)
def test_addresses(judge, address, host, good):
    found = check(judge, server(root(), names=[ipaddress.ip_address(address)]), host)
    assert found == (None if good else ("host", 'The certificate "csms" is not for %s.' % host))


def test_one_of_several_names_is_enough(judge):
    holder = server(root(), names=["a.example", ipaddress.ip_address("10.0.0.1"), "*.b.example"])
    for host in ("a.example", "10.0.0.1", "x.b.example"):
        assert check(judge, holder, host) is None
    assert check(judge, holder, "c.example")


def test_a_common_name_never_counts(judge):
    bare = Holder("csms.example", root())
    expected = 'The certificate "csms.example" has no subjectAltName; a commonName alone is not enough.'
    assert check(judge, bare, "csms.example") == ("host", expected)
    other = server(root(), "csms.example", names=["other.example"])
    assert check(judge, other, "csms.example")[0] == "host"


def test_the_certificate_of_a_ca_is_no_servers(judge):
    expected = "ca", '"csms" is the certificate of a CA, and no server\'s.'
    assert check(judge, server(root(), ca=True), "csms.example") == expected
