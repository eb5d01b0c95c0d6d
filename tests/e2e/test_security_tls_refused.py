"""Central systems that the charge point does not connect to: each refusal is one clear line of the log and its security
event, and the password does not leave (white paper A00.FR.003, 307 to 322, 411 to 426)."""

import re
import ssl
import warnings

import pytest
from server_certificates import authority, certificate, server

KEY = "0123456789abcdef"
BAD = "InvalidCentralSystemCertificate"
OLD = "InvalidTLSVersion"
WEAK = "InvalidTLSCipherSuite"
V1_2 = ssl.TLSVersion.TLSv1_2

ROOT = authority()
OTHER = authority("another")
RSA = certificate("localhost", ROOT, key="RSA")


def _old():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return server(
            RSA, ciphers="ALL:@SECLEVEL=0", minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1
        )


def _weak(made, ciphers):
    return server(made, ciphers=ciphers + ":@SECLEVEL=0", maximum_version=V1_2)


GOOD = certificate("localhost", ROOT)
REFUSALS = {
    "wrong authority": (lambda: server(certificate("localhost", OTHER)), BAD, "it comes from no installed authority"),
    "wrong host": (lambda: server(certificate("elsewhere.example", ROOT)), BAD, "it is for another host"),
    "the address, but not the name": (lambda: server(certificate("x", ROOT, ["127.0.0.1"])), BAD, "another host"),
    "expired": (lambda: server(certificate("localhost", ROOT, days=(-9, -1))), BAD, "it has expired"),
    "not yet valid": (lambda: server(certificate("localhost", ROOT, days=(1, 9))), BAD, "it is not valid yet"),
    "signed by itself": (lambda: server(certificate("localhost")), BAD, "it comes from no installed authority"),
    "no subjectAltName": (lambda: server(certificate("localhost", ROOT, ())), BAD, "subjectAltName"),
    "the authority's own": (lambda: server(ROOT), BAD, "it is for another host"),
    "an authority's": (lambda: server(certificate("localhost", ROOT, is_ca=True)), BAD, "authority, not of a server"),
    "an expired authority between": (
        lambda: server(certificate("localhost", authority("between", ROOT, days=(-9, -1)))), BAD, "it has expired"),
    "an issuer that is no authority": (
        lambda: server(certificate("localhost", certificate("leaf", ROOT))), BAD, "it comes from no installed"),
    "TLS 1.1": (_old, OLD, "has TLS 1.1 only, TLS 1.2 is required"),
    "AES128-SHA": (lambda: _weak(RSA, "AES128-SHA"), WEAK, "cipher suite 0x002F, which is not allowed"),
    "CBC": (lambda: _weak(GOOD, "ECDHE-ECDSA-AES128-SHA256"), WEAK, "cipher suite 0xC023, which is not allowed"),
    "CHACHA20": (lambda: _weak(RSA, "ECDHE-RSA-CHACHA20-POLY1305"), WEAK, "cipher suite 0xCCA8, which is not"),
}  # fmt: skip


def told(firmware, kind):
    return [line for line in firmware.lines if "security event " + kind in line]


def refusals(firmware):
    return [line for line in firmware.lines if "no connection" in line]


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused(make_csms, make_firmware, tmp_path, name):
    context, event, text = REFUSALS[name]
    csms = make_csms(tls=context())
    firmware = make_firmware(csms)
    root = tmp_path / "root.der"
    root.write_bytes(ROOT.der)
    firmware.start(csms={"authorization_key": KEY, "ca_cert": str(root), "backoff_s": [1, 1]})
    firmware.wait("two tries", lambda: len(refusals(firmware)) >= 2, timeout=10)
    assert text in refusals(firmware)[0] and refusals(firmware)[0].count("WARNING") == 1
    assert len(told(firmware, event)) == 1, "once until there is a connection"
    assert len(told(firmware, "Invalid")) == 1 and not told(firmware, "Failed")
    assert csms.connections == 0 and not csms.attempts, "no request, so no password"
    assert not re.search(KEY, "".join(firmware.lines))


@pytest.mark.parametrize("event", [BAD, WEAK])
def test_the_event_is_sent_when_a_connection_stands(make_csms, make_firmware, tmp_path, event):
    """A00.FR.309, 318, 322, 413, 422, 426."""
    expired = certificate("localhost", ROOT, days=(-9, -1))
    context = server(expired) if event == BAD else _weak(GOOD, "ECDHE-ECDSA-AES128-SHA256")
    csms = make_csms(tls=context)
    csms.password = KEY.encode()
    firmware = make_firmware(csms)
    root = tmp_path / "root.der"
    root.write_bytes(ROOT.der)
    firmware.start(csms={"authorization_key": KEY, "ca_cert": str(root), "backoff_s": [1, 1]})
    firmware.wait("the event", lambda: told(firmware, event), timeout=10)
    mend(context, GOOD, tmp_path)
    csms.expect_boot(timeout=10)
    sent = csms.expect("SecurityEventNotification", type=event)
    assert "central system" in sent["techInfo"]
    csms.expect("SecurityEventNotification", type="SettingSystemTime")  # which came after it
    assert len(csms.received("SecurityEventNotification", type=event)) == 1


def mend(context, made, folder):
    """From now on the server has this certificate, and all suites."""
    (folder / "server.pem").write_bytes(made.pem())
    context.load_cert_chain(folder / "server.pem")
    context.set_ciphers("DEFAULT")
