"""A plain .py on a board whose firmware has other names than its sources: names.py."""

import os

import names

TABLE = "names.tbl"
# With the names of a class, a method and a parameter.
SOURCE = '''"""Evse in a docstring."""
import hal  # Evse in a comment
x = 'Evse' + "a \\\\"
class %s(hal.Base0):
    def %s(self, %s=0x1F):
        """It's Evse's
        tick."""
        return self.%s(%s=1) if x else _tick
'''
TEXT = SOURCE % ("Evse", "tick", "step", "tick", "step")
WITH_BOARD_NAMES = SOURCE % ("UUID", "sqrt", "pi", "sqrt", "pi")


def with_table(work, more=""):
    was = names.TABLE
    names.TABLE = TABLE
    try:
        with open(TABLE, "w") as file:
            file.write("Evse UUID\nstep pi\ntick sqrt\n" + more)
        return work()
    finally:
        names.TABLE = was
        os.remove(TABLE)


def content(stream, size=7):
    """The text of a stream that is read in pieces, as the compiler does."""
    data, buffer = b"", bytearray(size)
    while True:
        count = stream.readinto(buffer)
        data += bytes(buffer[:count])
        if count < size:  # the end, for MicroPython
            stream.close()
            return data.decode()


def test_a_plain_file_is_read_with_the_names_of_the_firmware():
    def work():
        with open("patch_of_the_owner.py", "w") as file:
            file.write(TEXT)
        try:
            return content(names.opened("patch_of_the_owner.py"))
        finally:
            os.remove("patch_of_the_owner.py")

    assert with_table(work) == WITH_BOARD_NAMES


def test_names_that_hold_in_one_source_alone():
    def work():
        read = []
        for path in ("one.py", "other.py"):
            with open(path, "w") as file:
                file.write("self._go = tick\n")
            try:
                read.append(content(names.opened(path)))
            finally:
                os.remove(path)
        return read, names.original("in _100")

    assert with_table(work, "_go _100 one.py\n") == (["self._100 = sqrt\n", "self._go = sqrt\n"], "in _100")


def test_what_is_not_finished_is_left_to_the_compiler():
    for text in ("'''no end of Evse", '"no end', "# no line end", ""):
        assert list(names.words(text)) == [], text
    assert list(names.words("Evse")) == [(0, 4)]


def test_a_traceback_shows_the_names_of_the_sources():
    text = "  File \"evse\", line 3, in sqrt\nAttributeError: 'UUID' object has no attribute 'pi'"
    shown = "  File \"evse\", line 3, in tick\nAttributeError: 'Evse' object has no attribute 'step'"
    assert with_table(lambda: names.original(text)) == shown
    assert names.original(text) == text  # where there is no table
