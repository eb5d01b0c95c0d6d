"""A board looks up the central system by a DNS server of its network; TLS verifies the name, not the address."""


import pytest
import trustme
from certificates import der_file, served
from dns_server import DnsServer
from esp32_board import Esp32

NAME = "csms.test"  # which no DNS server of the world knows


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def dns():
    with DnsServer("127.0.0.1") as server:
        yield server


@pytest.fixture
def made(make_csms, make_firmware, authority, dns, tmp_path):
    """made(host): (central system with a certificate for `host`, board that connects to NAME with TLS, not started)."""

    def make(host):
        csms = make_csms(tls=served(authority, host))
        board = make_firmware(csms, Esp32)
        board.environment = {**board.environment, "TEST_DNS_PORT": str(dns.port)}
        board.config["csms"]["url"] = "wss://%s:%d" % (NAME, csms.server.port)
        board.config["csms"]["ca_cert"] = der_file(authority, tmp_path)
        return csms, board

    return make


def test_the_last_good_address_is_used_while_dns_is_silent(made, dns):
    csms, board = made(NAME)
    board.start()
    csms.expect_boot()
    assert set(dns.names) == {"csms\x04test"}
    dns.address = None
    board.restart()
    csms.expect_boot()
    assert any("no address of csms.test from DNS" in line for line in board.lines)


def test_without_dns_nothing_stops(made, dns):
    """The board works and its page answers while a look-up waits; it connects when DNS is back."""
    csms, board = made(NAME)
    dns.address = None
    board.start()
    board.wait("no connection", lambda: any("no address of csms.test" in line for line in board.lines))
    assert len(dns.names) >= 2
    assert not board.status()["csms"]["connected"]
    dns.address = "127.0.0.1"
    csms.expect_boot()


def test_an_address_of_somebody_else_gets_nothing(made):
    csms, board = made("elsewhere.test")
    board.start()
    board.wait("two tries", lambda: sum("no connection" in line for line in board.lines) >= 2)
    assert csms.connections == 0 and not csms.attempts
