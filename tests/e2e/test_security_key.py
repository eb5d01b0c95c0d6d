"""AuthorizationKey changed by the central system: at once in use, the one before again if it is refused, never shown
(white paper A01, A00.FR.202 to 205, 302 to 304)."""

import pytest
from doors import doors

OLD, NEW = "0123456789abcdef", "fedcba9876543210"
HEX = "00112233445566778899aabbccddeeff"


@pytest.fixture
def door(make_csms):
    csms = make_csms()
    with doors(csms, {"passwords": {OLD.encode()}}) as (made,):
        yield made, csms


def start(door, firmware, **sections):
    made, csms = door
    firmware.start(csms={"url": made.url, "authorization_key": OLD, "backoff_s": [1, 1]}, **sections)
    csms.expect_boot()


def change(csms, value):
    return csms.call("ChangeConfiguration", {"key": "AuthorizationKey", "value": value})["status"]


def lines(firmware, text):
    return [line for line in firmware.lines if text in line]


@pytest.mark.parametrize("value, password", [(NEW, NEW.encode()), (HEX, bytes.fromhex(HEX)), (HEX + "a" * 8, None)])
def test_a_new_key_is_used_at_once_and_for_ever(door, make_firmware, value, password):
    """A01.FR.01 to 03, 11, 12; 7.2: hexadecimal digits of 16 to 20 bytes."""
    made, csms = door
    password = password or bytes.fromhex(value)
    firmware = make_firmware(csms)
    start(door, firmware, log={"frames": True, "level": "debug"})
    made.passwords = {password}
    assert change(csms, value) == "Accepted"
    csms.wait("another connection", lambda: csms.connections == 2 and csms.connected)
    assert made.given == [OLD.encode(), password]
    firmware.wait("word of it", lambda: lines(firmware, "is in use"))
    assert lines(firmware, "security event ReconfigurationOfSecurityParameters: AuthorizationKey is changed")
    firmware.restart()
    csms.expect_boot()
    assert made.given == [OLD.encode(), password, password]
    assert change(csms, value) == "Accepted", "the same again"
    answer = csms.call("GetConfiguration", {"key": ["AuthorizationKey"]})
    assert answer == {"configurationKey": [], "unknownKey": ["AuthorizationKey"]}
    assert csms.connections == 3
    assert not lines(firmware, value) and not lines(firmware, OLD)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_gives_way_to_the_one_before(door, make_firmware, status):
    made, csms = door
    firmware = make_firmware(csms)
    start(door, firmware)
    made.refuses_with = status
    assert change(csms, NEW) == "Accepted"
    csms.wait("the way back", lambda: csms.connections == 2 and csms.connected, 10)
    assert made.given == [OLD.encode(), NEW.encode(), OLD.encode()]
    firmware.wait("word of it", lambda: lines(firmware, "the new AuthorizationKey did not work"))
    assert lines(firmware, "security event FailedToAuthenticateAtCentralSystem: the central system refuses the Auth")
    firmware.restart()
    csms.expect_boot()
    assert made.given[3:] == [OLD.encode()]


def test_the_new_key_is_not_given_up_while_nobody_answers(door, make_firmware):
    """The central system has accepted only the new one since, and was away (A01.FR.03)."""
    made, csms = door
    firmware = make_firmware(csms)
    start(door, firmware)
    made.state = 503
    made.passwords = {OLD.encode(), NEW.encode()}
    assert change(csms, NEW) == "Accepted"
    csms.wait("three tries", lambda: len(made.given) >= 4, 10)
    firmware.kill()
    made.state, made.passwords = "open", {NEW.encode()}
    firmware.start()
    csms.expect_boot(timeout=10)
    assert made.given[-1] == NEW.encode()
    assert made.given[1:4] == [NEW.encode(), OLD.encode(), NEW.encode()]


@pytest.mark.parametrize("value", ["", "0123456789abcde", "0" * 41, "0123456789abcd\n\n", "x" * 500])
def test_a_key_that_is_none_is_rejected(door, make_firmware, value):
    """7.2: at least 16 bytes, 40 digits at most."""
    made, csms = door
    firmware = make_firmware(csms)
    start(door, firmware)
    assert change(csms, value) == "Rejected"
    csms.expect_none("BootNotification")
    assert csms.connections == 1


def test_a_password_over_ws_is_a_warning_once(door, make_firmware):
    """A00.FR.201, 206."""
    made, csms = door
    firmware = make_firmware(csms)
    start(door, firmware)
    csms.drop()
    csms.wait("another connection", lambda: csms.connections == 2)
    assert len(lines(firmware, "the password goes over ws")) == 1
