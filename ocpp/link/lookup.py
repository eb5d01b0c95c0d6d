"""Finds the address to connect to where the system's own look-up would stop everything, as on an ESP32; loaded for it.

The DNS server is asked before each connection. When it does not answer within a second, the address of the last good
connection is used, which is on flash. TLS verifies the name of the server, wherever its address comes from.
"""

import os
import random

from ocpp import log
from ocpp.websocket.frames import HandshakeError

PORT = 53
PLAUSIBLE_S = 630720000  # 20 years
GROUP = ("224.0.0.251", 5353)  # who has a name that ends in .local answers by itself (RFC 6762 5.1)
PATIENCE_MS = 5000
BRIEF_MS = 1000  # where the last good address is known


class Net:
    """What the network of a board needs to know; without methods, so that no code stays in memory for it.

    `set_clock(year, month, day, hour, minute, second)`: sets the board's clock, in UTC; `dns_server()`: the address of
    the DNS server, "0.0.0.0" without; `ntp`: name or address of an SNTP server, or ""; `earliest`:
    the time of the build, in seconds since 2000; `good`: [name, address] of the last good connection or None, kept on
    flash; `failed`: the address that was tried last, None if it was good; `ntp_asked`, `ntp_wait_s`: ticks_ms when the
    SNTP server was asked, and how long not to ask it again."""

    engine = set_clock = dns_server = ntp = earliest = good = failed = None
    ntp_asked = ntp_wait_s = 0


def network(engine, set_clock, dns_server, ntp, earliest):
    """The Net of a board, whose clock has been set to the last time that was stored, or to `earliest`."""
    net = Net()
    net.engine = engine
    net.set_clock, net.dns_server, net.ntp, net.earliest = set_clock, dns_server, ntp, earliest
    net.good, net.failed = engine.store.load("address"), None
    net.ntp_asked = net.ntp_wait_s = 0
    if not set_board_clock(net, engine.clock.now()):
        set_board_clock(net, earliest)
    return net


def set_board_clock(net, seconds):
    """Set the board's clock, by which TLS checks the dates of certificates; returns whether it was set.

    A time before the build or 20 years later is not taken: with it the board could never connect again."""
    if not net.earliest <= seconds < net.earliest + PLAUSIBLE_S:
        return False
    from ocpp.clock import iso8601

    net.set_clock(*iso8601.date_of(seconds))
    return True


def is_address(host):
    """Whether `host` is an IPv4 address, for which nobody has to be asked."""
    parts = host.split(".")
    return len(parts) == 4 and all([part.isdigit() and len(part) < 4 and int(part) < 256 for part in parts])


async def prepare(net, host):
    """The address of `host` to connect to now; HandshakeError without one."""
    if is_address(host):
        return host
    good = net.good[1] if net.good and net.good[0] == host else None
    try:
        found = await _asked(net, host, BRIEF_MS if good else PATIENCE_MS)
    except (OSError, ValueError) as error:
        log.warning("look-up of %s: %s", host, error)
        found = []
    net.failed = address = _chosen(found, good, net.failed)
    if address is None:
        raise HandshakeError(0, "no address of " + host)
    if not found:
        log.warning("no address of %s from DNS, its last one is used", host)
    return address


def connected(net, host, address):
    """There is a good connection to `host` at this address."""
    net.failed = None
    if address != host and net.good != [host, address]:
        net.good = [host, address]
        try:
            net.engine.store.save("address", net.good)
        except OSError as error:
            log.warning("the address of %s is not kept: %r", host, error)


async def address_of(net, name):
    """An IPv4 address of `name` as text, or None with a log line. OSError when the network fails."""
    if is_address(name):
        return name
    try:
        found = await _asked(net, name, PATIENCE_MS)
    except ValueError as error:
        log.warning("%s", error)
        return None
    if not found:
        log.warning("no address of %s", name)
    return found[0] if found else None


def _chosen(found, good, failed):
    """Which of the addresses `found`, and of the `good` one known before, to try after one that `failed`."""
    if good and (not found or good in found and good != failed or failed not in (None, good)):
        return good
    found = [address for address in found if address != failed] or found
    return found[random.getrandbits(8) % len(found)] if found else None


async def _asked(net, name, patience_ms):
    """The addresses of `name`, [] when there is no answer. ValueError if it is no host name; OSError."""
    from ocpp.link import dns

    asked, identity = dns.question(name), os.urandom(2)
    is_group = name.lower().endswith(".local")
    server = GROUP if is_group else (net.dns_server(), PORT)
    if server[0] in ("", "0.0.0.0"):
        return []
    request = dns.request(identity, asked)
    from ocpp.link import datagram

    return (
        await datagram.ask(
            server, request, lambda message: dns.addresses(message, identity, asked), patience_ms, is_group
        )
        or []
    )
