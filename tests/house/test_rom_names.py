"""tools/rom_names.py: names of MicroPython's image in the place of the firmware's, and nothing else changes."""

import ast
import sys

from rooms import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from archive import read_member  # noqa: E402
from rom_names import names_of, read_table, replacements, rom, table  # noqa: E402
from shorten import replaced  # noqa: E402

TEXT = '''"""A docstring with Pump."""
import machine
from ocpp import errors
from micropython import const

BIGGEST = 7
_PRIVATE = const(3)


class Pump:
    running = False

    def __init__(self, flow_limit):
        self.flow_limit = flow_limit
        self.append = machine.unheard_of

    def propel(self, hours):
        local_value = getattr(self, "running") + hours
        return local_value, f"{BIGGEST}"
'''


def names(*texts, beside=""):
    files = {"hal/pump%d.py" % at: text for at, text in enumerate(texts)}
    return replacements(files, {"main.py": beside})


def test_what_the_firmware_defines_itself_is_replaced():
    assert set(names(TEXT)) == {"Pump", "flow_limit", "propel", "hours"}


def test_the_names_they_get_are_of_the_image_and_of_no_use_to_the_firmware():
    free = set(names(TEXT).values())
    assert len(free) == 4 and free <= rom()
    taken = next(iter(free))
    for other in ("x.%s = 1", "import %s", "from machine import %s", "print('%s')", "def %s(): pass", "f(%s=1)"):
        assert taken not in names(TEXT, other % taken).values(), other
    assert not free & set(dir(str)) and "ENOMEM" not in free


def test_what_a_text_a_module_or_a_file_beside_names_stays():
    given = ('getattr(x, "propel")', 'x = "hal.pump.propel"', '"a propel".split()', 'x = b"propel"', 'f"{propel}"')
    for other in given:
        assert "propel" not in names(TEXT, other), other
    assert "propel" in names(TEXT, "log.info('cannot propel')")
    assert "propel" not in names(TEXT, beside="a.propel()")
    assert "propel" not in replacements({"hal/pump.py": TEXT, "hal/propel.py": ""}, {})
    assert "propel" not in replacements({"hal/pump.py": TEXT, "propel/__init__.py": ""}, {})


def test_names_of_the_simulation_come_last():
    many = {"hal/sim/a.py": "".join("def simulated_%d(): pass\n" % at for at in range(2000)), "hal/b.py": TEXT}
    chosen = replacements(many, {})
    assert {"Pump", "propel"} < set(chosen) and len(chosen) < 1500
    assert len(set(chosen.values())) == len(chosen)


def test_the_table_is_read_as_it_is_written():
    assert read_table(table(names(TEXT))) == names(TEXT)


def test_the_build_has_a_table_for_the_firmware_it_has():
    for tree in ("host", "esp32"):
        chosen = names_of(ROOT / "build" / tree)
        assert len(chosen) > 500 and set(chosen.values()) <= rom()
        content = (ROOT / "build" / tree / "firmware.a").read_bytes()
        assert b"Evse" not in read_member(content, "hal/evse/machine.mpy") and chosen["Evse"].encode() in content


def test_the_firmware_is_the_same_program():
    """The same tree of statements, with other names."""
    rooms = ("ocpp", "profiles", "hal", "app", "config", "updates", "transfers", "web", "x509")
    sources = {path.relative_to(ROOT).as_posix(): path for room in rooms for path in (ROOT / room).rglob("*.py")}
    sources = {name: path.read_text() for name, path in sources.items()}
    chosen = replacements(sources, {})
    back = {new: name for name, new in chosen.items()}
    for text in sources.values():
        new = replaced(text, chosen)
        assert len(new.splitlines()) == len(text.splitlines())
        assert ast.dump(ast.parse(replaced(new, back))) == ast.dump(ast.parse(text))


def test_no_private_name_stands_for_another():
    """A plain .py on the board keeps its own private names, whatever the build has made of them."""
    assert not [name for name in names_of(ROOT / "build" / "host").values() if name.startswith("_")]
