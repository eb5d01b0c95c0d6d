# micropython only: it has littlefs
"""slots.py: a working firmware always starts, whatever was damaged or when the power went; its members are files."""

import io
import os
import sys

from helpers import raises
from slots_flash import WORKING, Site, archive, start, write

import firmware_files
import modules
import slots


def test_the_first_slot_starts_when_nothing_was_chosen():
    with Site(firmware_dot_a=archive(WORKING)):
        assert start() == ("firmware.a", [])
        import answer
        import rooms.a

        assert answer.VALUE == 42 and rooms.b.TEXT == "of the archive"
        assert answer.__file__ == "/fw/answer.py"
        raises(ImportError, __import__, "rooms.c")
        raises(ImportError, __import__, "nowhere")


def test_the_chosen_slot_starts():
    other = dict(WORKING)
    other["answer.py"] = b"VALUE = 43\n"
    with Site(firmware_dot_a=archive(WORKING), firmware_dot_b=archive(other)):
        slots.select("firmware.b")
        assert start() == ("firmware.b", [])
        import answer

        assert answer.VALUE == 43


def test_a_pointer_that_is_no_pointer_means_the_first_slot():
    for content in (b"", b"firmware.c", b"\xff\xfe", b"x" * 5000, b"firmware.b\x00"):
        with Site(firmware_dot_a=archive(WORKING), firmware_dot_b=archive(WORKING), firmware_dot_slot=content):
            assert start()[0] == "firmware.a", content


def test_a_damaged_slot_gives_way_to_the_other_and_says_why():
    good = archive(WORKING)
    head = good.split(b"\n")[1]
    bad = [b"", good[:10], good[:200], good[:-1], good + b"x", good[:-1] + b"#", b"U" + good[1:],
           good.replace(head, b"{}"), good.replace(head, b"[]"), good.replace(head, head[:-1]),
           good.replace(b'"size": ', b'"size": -'), b"\xff" * 5000]
    bad += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(len(head) + 21, len(good), 7)]
    for content in bad:
        with Site(firmware_dot_a=content, firmware_dot_b=good):
            slot, lines = start()
            assert slot == "firmware.b", content
            assert len(lines) == 1 and lines[0].startswith("slots: firmware.a cannot be started: "), lines


def test_a_firmware_for_another_interpreter_is_not_started():
    with Site(firmware_dot_a=archive(WORKING, mpy=0x2B06, arch="xtensawin"), firmware_dot_b=archive(WORKING)):
        slot, lines = start()
        assert slot == "firmware.b" and "for another interpreter: xtensawin" in lines[0]


def test_without_a_firmware_one_line_says_what_to_do():
    with Site():
        slot, lines = start()
        assert slot is None and lines[-1] == "slots: no firmware can be started; copy one with `make flash`"
        assert sys.path[0] != slots.MOUNTED_AT


def brought(name):
    """Import a module of the archive as memory.py does; the module, or None."""
    path = modules.path_of(name)
    if not path:
        return None
    try:
        __import__(modules.begin(name, path))
        modules.settle()
    except BaseException:
        modules.fail(name)
        raise
    return sys.modules[name]


def test_compiled_members_are_imported_under_one_file_name():
    """Each path of a file that was imported stays in memory for ever; modules.py imports without them. A plain file
    beside goes before here, too, and so does one whose package comes from the archive."""
    with open("build/modules/host/ocpp/engine/registration.mpy", "rb") as file:
        content = file.read()
    files = {"rooms/__init__.mpy": content, "rooms/compiled.mpy": content}
    home = modules.archive
    try:
        with Site(firmware_dot_a=archive(files)):
            start()
            modules.archive = firmware_files.Archive
            room = brought("rooms")
            assert room.__path__ == "" and room.__name__ == "rooms" and sys.modules["rooms"] is room
            module = brought("rooms.compiled")
            assert module.ACCEPTED == "Accepted" and module.__name__ == "rooms.compiled"
            assert sys.modules["rooms.compiled"] is room.compiled is module
            assert "_" not in sys.modules and module.__file__ == slots.MOUNTED_AT + "/_.mpy"
            assert brought("rooms.missing") is None and not hasattr(module, "__path__")
        with Site(firmware_dot_a=archive(files)) as site:
            write("rooms/compiled.py", b"ACCEPTED = 'of the owner'")
            start()
            assert brought("rooms").__path__ == slots.MOUNTED_AT + "/rooms" and brought("rooms.compiled") is None
            from rooms import compiled

            assert compiled.ACCEPTED == "of the owner", site
    finally:
        modules.archive = home


def test_a_module_of_the_archive_that_fails_leaves_nothing():
    home = modules.archive
    try:
        with Site(firmware_dot_a=archive({"broken.mpy": b"not compiled"})):
            start()
            modules.archive = firmware_files.Archive
            raises(ValueError, brought, "broken")
            assert "_" not in sys.modules and "broken" not in sys.modules
            modules.settle()  # nothing is coming any more
    finally:
        modules.archive = home


def test_a_plain_file_beside_goes_before_a_member():
    with Site(firmware_dot_a=archive(WORKING)) as site:
        site.files = {}
        write("rooms/b.py", b"TEXT = 'of the owner'\n")
        write("answer.py", b"VALUE = 7\n")
        write("vendors/acme.py", b"VENDOR = 'acme'\n")
        write("notes.txt", b"not a module")
        assert start() == ("firmware.a", ["slots: answer.py goes before the firmware's own",
                                          "slots: rooms/b.py goes before the firmware's own",
                                          "slots: vendors/acme.py goes before the firmware's own"])
        import answer
        import rooms.a
        import vendors.acme

        assert (answer.VALUE, rooms.b.TEXT, vendors.acme.VENDOR) == (7, "of the owner", "acme")


def test_members_are_files():
    with Site(firmware_dot_a=archive(WORKING)):
        start()
        with open("/fw/tables/words.txt") as file:
            assert (file.readline(), file.read(3), file.read(), file.read()) == ("one\n", "two", "\nthree\n", "")
            assert file.readline() == "" and file.seek(4) == 4 and file.read(3) == "two"
        with open("/fw/tables/words.txt", "rb") as file, open("/fw/answer.py", "rb") as other:
            assert file.read(4) == b"one\n" and other.read(5) == b"VALUE" and file.read(3) == b"two"
        assert os.stat("/fw/rooms")[0] == 0x4000 and os.stat("/fw/answer.py")[0] == 0x8000
        assert os.stat("/fw/tables/words.txt")[6] == 14
        for call in (open, os.stat):
            raises(OSError, call, "/fw/nowhere")
        raises(OSError, open, "/fw/rooms")


class LargestReadNoted(io.BytesIO):
    """A file that notes the largest piece it was asked for: MicroPython takes memory for all of it, however short the
    line is."""

    largest = 0

    def readline(self, size=-1):
        self.largest = max(self.largest, size if size >= 0 else 1 << 30)
        return super().readline(size)


def test_a_line_takes_no_memory_for_the_rest_of_its_member():
    long = b"x" * 1500 + b"\n"
    file = LargestReadNoted(b"before" + long + b"short\n" + b"y" * 9000 + b"behind\n")
    member = firmware_files._Member(firmware_files.Archive, file, 6, 6 + len(long) + 6 + 9000, False)
    assert member.readline() == long and member.readline() == b"short\n"
    assert member.readline() == b"y" * 9000 and member.readline() == b""
    assert file.largest <= 512


class Seen:
    """An archive that can be seen in pieces of `size` bytes."""

    def __init__(self, data, size):
        self._data, self._size = data, size

    def get(self, place, count):
        return self._data[place : min(place + count, (place // self._size + 1) * self._size)]


def test_what_can_be_seen_is_not_read_from_the_file_system():
    data = bytes(range(200))
    for size in (7, 50, 500):
        member = firmware_files._Member(Seen(data, size), io.BytesIO(data), 3, 150, False)
        buffer = bytearray(60)
        assert member.readinto(buffer) == 60 and buffer == data[3:63]
        assert member.read(80) == data[63:143] and member.seek(0, 1) == 140
        assert member.readinto(buffer) == 7 and buffer[:7] == data[143:150]
        assert member.readinto(buffer) == 0 and member.read() == b""
        assert member.seek(-5, 2) == 142 and member.read() == data[145:150]
