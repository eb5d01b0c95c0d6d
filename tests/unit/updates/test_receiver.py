# micropython only: it has littlefs
"""updates/receiver.py and package.py: a package is judged before it takes flash, and verified before it is trusted."""

import asyncio
import binascii
import json
import os
import sys

from helpers import raises
from packages import SETTINGS, Board, package, write

from updates import UpdateError, installation
from updates.receiver import Receiver

FILES = {"answer.py": b"VALUE = 43\n", "rooms/big.py": bytes(range(256)) * 90}
RUNNING = {"firmware.a": package({"answer.py": b"VALUE = 42\n"}, version="0.0.1")}
KEY = "tests/unit/updates/update.pub"
SIGNED = "tests/unit/updates/signed.bin"


def receive(content, settings=SETTINGS, piece=700, board="sim"):
    """Receive `content` in pieces as a whole; the head that finish() returns."""
    receiver = Receiver(settings, board)
    receiver.begin(0)
    for at in range(0, len(content), piece):
        receiver.write(memoryview(content)[at : at + piece])
    return asyncio.run(receiver.finish())


def refused(reason, *arguments, **named):
    """The text of the UpdateError with this reason; nothing of the package is left on flash."""
    error = raises(UpdateError, receive, *arguments, **named)
    assert error.reason == reason, (error.reason, error)
    assert reason == "Damaged" and "too short" in str(error) or installation.PART not in os.listdir()
    return str(error)


def content_of(name):
    with open(name, "rb") as file:
        return file.read()


def test_a_good_package_is_on_flash_and_in_no_slot():
    good = package(FILES)
    for piece in (1, 100, 700, 100000):
        with Board(RUNNING) as board:
            head = receive(good, piece=piece)
            assert head["version"] == "99.0.0" and head["members"] == 3
            assert content_of(installation.PART) == good
            assert board.start() == ("firmware.a", []) and "firmware.b" not in os.listdir()


def test_what_is_no_firmware_is_refused_at_once():
    good = package(FILES)
    magic, head, rest = good.split(b"\n", 2)
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        receiver.begin(0)
        assert raises(UpdateError, receiver.write, b"<html>").reason == "NotFirmware"
    bad = [b"x" * 5000, good.replace(b"e 1\n", b"e 2\n", 1), magic + b"\n" + b"{" * 5000]
    bad += [b"\n".join([magic, other, rest]) for other in (b"{}", b"[]", b"null", b"", b"\xff", head[:-1], b"3")]
    bad += [package(FILES, **{name: value}) for name, value in (
        ("size", "9"), ("size", 0), ("size", -5), ("size", True), ("sha256", 5), ("boards", "sim"), ("boards", [1]),
        ("mpy", None), ("version", 1), ("version", "one"), ("version", "1."), ("version", ""), ("version", "-1"),
        ("version", "1" * 21),
        ("micropython", "new"), ("members", None), ("layout", None))]
    for content in bad:
        with Board(RUNNING):
            refused("NotFirmware", content)


def test_what_another_board_needs_is_refused():
    with Board(RUNNING):
        text = refused("WrongArchitecture", package(FILES, mpy=0x2B06, arch="xtensawin"))
        assert "xtensawin" in text
        text = refused("WrongBoard", package(FILES, boards=["esp32-devkitc-v4", "other"]))
        assert text == "it is for esp32-devkitc-v4, other, this board is sim"
        text = refused("WrongMicroPython", package(FILES, micropython="1.99"))
        assert text.startswith("it needs MicroPython 1.99, here is 1.")
        receive(package(FILES, micropython=".".join([str(n) for n in sys.implementation.version[:3]])))


def test_a_downgrade_is_refused_unless_allowed():
    old = package(FILES, version="0.0.9")
    with Board(RUNNING):
        text = refused("Downgrade", old)
        assert text.startswith("its version 0.0.9 is older than ") and "updates.downgrade" in text
        assert receive(old, {"unsigned": True, "downgrade": True})["version"] == "0.0.9"
        from version import VERSION
        receive(package(FILES, version=VERSION))  # the same again
        assert receive(package(FILES, version="0.10.0"))["version"] == "0.10.0"  # numbers, not texts


def test_an_unsigned_one_is_refused_unless_allowed():
    with Board(RUNNING):
        text = refused("Unsigned", package(FILES), {"unsigned": False, "downgrade": False})
        assert "updates.unsigned" in text


def test_a_signed_one_needs_the_key_of_the_owner():
    strict, free = {"unsigned": False, "downgrade": False}, {"unsigned": True, "downgrade": False}
    key, signed = content_of(KEY), content_of(SIGNED)
    other = key.replace(b"MIIB", b"MIIC", 1)
    with Board(RUNNING):
        assert "config/update.pub" in refused("NoPublicKey", signed, strict)
        receive(signed, free)  # nobody can check it
        for content in (other, b"", b"no key"):
            write("config/update.pub", content)
            for settings in (strict, free):
                assert "config/update.pub" in refused("NoPublicKey", signed, settings)
        write("config/update.pub", key)
        for settings in (strict, free):
            assert receive(signed, settings)["version"] == "99.0.0"


def test_a_wrong_signature_is_refused_even_where_unsigned_ones_are_allowed():
    key, signed = content_of(KEY), content_of(SIGNED)
    magic, head, signature, body = signed.split(b"\n", 3)
    bad = [binascii.b2a_base64(bytes([index]) * size).strip() for index, size in
           ((0, 384), (0xFF, 384), (1, 0), (1, 383), (1, 385), (1, 100))] + [b"?", signature[:-4], b"A" + signature[1:]]
    contents = [b"\n".join([magic, head, other, body]) for other in bad]
    contents.append(signed.replace(b'"version": "99.0.0"', b'"version": "99.0.1"', 1))
    with Board(RUNNING):
        write("config/update.pub", key)
        for content in contents:
            for unsigned in (False, True):
                text = refused("InvalidSignature", content, {"unsigned": unsigned, "downgrade": False})
                assert text == "its signature is not by the key in config/update.pub"
        stripped = b"\n".join([magic, head, b"-", body])
        refused("Unsigned", stripped, {"unsigned": False, "downgrade": False})
        refused("Damaged", signed[:-1] + b"#", {"unsigned": False, "downgrade": False})


def test_a_changed_or_short_or_long_one_is_refused():
    good = package(FILES)
    start = good.find(b"\n-\n") + 3
    with Board(RUNNING):
        for at in range(start, len(good), 2111):
            text = refused("Damaged", good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
            assert text == "its content has another SHA-256 than its head says"
        assert refused("Damaged", good[:-1]).startswith("it is too short: %d bytes of %d" % (len(good) - 1, len(good)))
        assert "too short" in refused("Damaged", good[:20]) and "too short" in refused("Damaged", b"")
        assert "longer" in refused("Damaged", good + b"x") and "longer" in refused("Damaged", good + b"x" * 9000)


def test_one_that_no_flash_has_room_for_is_refused_by_its_head():
    with Board(RUNNING) as board:
        before = board.flash.programs
        text = refused("TooLarge", package(FILES, size=700000))
        assert "at most 600000" in text
        assert "flash lacks" in refused("FlashFull", package(FILES, size=300000))
        assert board.flash.programs == before


def test_the_slot_that_does_not_run_makes_room():
    old = package({"old.py": b"#" * 70000})
    with Board({"firmware.a": old, "firmware.b": old}):
        receive(package({"new.py": b"#" * 60000}))
        assert "firmware.b" not in os.listdir() and "firmware.a" in os.listdir()
    with Board({"firmware.a": old, "firmware.b": old, "firmware.slot": b"firmware.b"}):
        receive(package({"new.py": b"#" * 60000}))
        assert "firmware.a" not in os.listdir() and "firmware.b" in os.listdir()


def test_flash_that_fills_up_meanwhile_is_reported_and_freed_again():
    class Filling(Receiver):
        def _make_room(self):
            pass  # somebody takes it afterwards

    with Board(dict(RUNNING, other=b"#" * 170000)):
        receiver = Filling(SETTINGS, "sim")
        receiver.begin(0)
        content = package({"new.py": b"#" * 100000})

        def all_of_it():
            for at in range(0, len(content), 1000):
                receiver.write(content[at : at + 1000])

        assert raises(UpdateError, all_of_it).reason == "FlashFull"
        assert installation.PART not in os.listdir() and receiver.position == 0
        write("store", b"#" * 20000)


def test_flash_that_fails_is_reported():
    good = package(FILES)
    count = 1
    while True:
        with Board(RUNNING) as board:
            left = [count]

            def fail(address, data, left=left):
                left[0] -= 1
                return left[0] > 0

            board.flash.each = fail
            try:
                receive(good)
            except UpdateError as error:
                assert error.reason in ("FlashFailed", "FlashFull"), error.reason
            else:
                break
            finally:
                board.flash.each = None
            assert board.start()[0] == "firmware.a"
        count += 7
    assert count > 100


def test_flash_that_keeps_something_else_is_noticed():
    good = package(FILES)
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        receiver.begin(0)
        receiver.write(good)
        receiver.close()
        content = content_of(installation.PART)
        write(installation.PART, content[:9000] + b"?" + content[9001:])
        error = raises(UpdateError, asyncio.run, receiver.finish())
        assert error.reason == "FlashFailed" and installation.PART not in os.listdir()


def test_it_goes_on_where_it_stopped_also_after_a_restart():
    good = package(FILES)
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        assert receiver.position == 0
        receiver.begin(0)
        receiver.write(good[:100])
        assert receiver.position == 0 and receiver.head is None
        receiver.write(good[100:12000])
        assert receiver.position == 12000 and receiver.head["version"] == "99.0.0"
        receiver.write(good[12000:13000])
        raises(ValueError, receiver.begin, 12000)
        receiver.begin(receiver.position)
        receiver.write(good[13000:20000])
        receiver.begin(receiver.position)  # a transfer that was broken off, and tried again
        receiver.close()
        again = Receiver(SETTINGS, "sim")
        assert again.position == 20000
        again.begin(20000)
        assert again.head["version"] == "99.0.0"
        again.write(good[20000:])
        assert asyncio.run(again.finish())["version"] == "99.0.0"
        third = Receiver(SETTINGS, "sim")  # a power cut before it was installed: it is verified once more
        assert third.position == len(good)
        third.begin(len(good))
        assert asyncio.run(third.finish())["version"] == "99.0.0"


def test_what_is_there_of_another_package_is_not_trusted():
    one, other = package(FILES), package(dict(FILES, more=b"#" * 50))
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        receiver.begin(0)
        receiver.write(one[:9000])
        receiver.close()
        receiver.begin(9000)

        def rest():
            receiver.write(other[9000:])
            asyncio.run(receiver.finish())

        assert raises(UpdateError, rest).reason == "Damaged"
        write(installation.PART, b"something of somebody")
        receiver = Receiver(SETTINGS, "sim")
        assert raises(UpdateError, receiver.begin, receiver.position).reason == "NotFirmware"
        assert receiver.position == 0 and installation.PART not in os.listdir()


def test_the_rules_hold_for_what_goes_on_too():
    good = package(FILES)
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        receiver.begin(0)
        receiver.write(good[:9000])
        receiver.close()
        strict = Receiver({"unsigned": False, "downgrade": False}, "sim")
        assert raises(UpdateError, strict.begin, 9000).reason == "Unsigned"
        assert installation.PART not in os.listdir()


def test_abort_removes_what_came():
    with Board(RUNNING):
        receiver = Receiver(SETTINGS, "sim")
        receiver.abort()
        receiver.begin(0)
        receiver.write(package(FILES)[:20000])
        receiver.abort()
        assert os.listdir() == ["firmware.a"] and (receiver.position, receiver.head) == (0, None)


def test_nothing_is_received_during_a_trial():
    about = {"trial": 1, "version": "98.0.0", "reason": ""}
    pointer = ("firmware.b\n" + json.dumps(about)).encode()
    with Board(dict(RUNNING, **{"firmware.slot": pointer})):
        assert "98.0.0" in refused("OnTrial", package(FILES))
