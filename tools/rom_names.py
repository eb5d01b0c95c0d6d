"""Names that cost no memory on the board.

    python tools/rom_names.py < LOG     a traceback of a board with the names of the sources

MicroPython keeps every name of a .mpy file for ever, and 4 bytes at least on the heap (name_numbers.py). Those of its
own image are in flash. So the build puts names of the image that the firmware has no use for in the place of its own:
700 fewer on the heap, 4.5 kB or 4 % of the board's (`make size`). The table of both goes into the archive as names.tbl;
there names.py reads it, so that a plain .py of an owner on the board works, and tracebacks in the log show the names of
the sources.

What stays as it is: a name that a text gives or a list in a text (for getattr), one of a module, one of what lies
beside the archive, and whatever the firmware does not define itself. The image is ESP32_GENERIC v1.25.0, see
name_numbers.py.
"""

import ast
import builtins
import keyword
import os
import re
import sys
from functools import lru_cache
from pathlib import Path

from archive import read_member
from name_numbers import of_image
from shorten import replaced

TABLE = "names.tbl"
# What is loaded for an update, for diagnostics, or to find an error.
RARE = ("transfers/", "updates/", "profiles/firmware/calls/", "app/diagnostics", "app/on_trial",
        "profiles/security/calls/", "hal/calibrate", "ocpp/log/dump", "ocpp/log/masked", "ocpp/log/read",
        "ocpp/link/security_keys", "ocpp/link/tls_probe", "web/simulation",
        *("x509/%s.py" % name for name in "csr curve ecdsa encode p256 power private_key rsa server sha512".split()),
        *("profiles/firmware/%s.py" % name for name in "diagnostics_status_notification firmware_status_notification"
          " after_restart downloading file_signature install job_task jobs phases status_sending transfer_options"
          " uploading".split()),
        *("profiles/security/%s.py" % name for name in "installed log_status_notification renewal sign_certificate"
          " signed_firmware_status_notification".split()))
SIMULATION = ("hal/sim/",)
_WORD = re.compile(r"[A-Za-z_]\w*")
_IDENTIFIER = re.compile(r"[A-Za-z]\w*")
_NAMES = re.compile(r"[\w.:]*")  # a text that may be a name
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TYPES = (str, bytes, bytearray, memoryview, list, dict, set, tuple, int, float, BaseException, OSError)
# What MicroPython itself looks for in objects of others, and texts that a log may hold with their own meaning.
_PROTOCOLS = "close coro data flush ioctl mount readblocks readinto send state statvfs throw umount value writeblocks"
SHORT = re.compile(r"_\d+")  # what shorten.py makes
_ERRNO = re.compile(r"E[A-Z]+[0-9]*")


def rom():
    """The names of the image, a set."""
    return set(of_image())


def _docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, *_FUNCTIONS)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


class Used:
    """The names of the sources `texts` (file name -> text): all, those that are `defined` there and will be in the .mpy
    file, and the words of their `texts`."""

    def __init__(self, texts):
        self.all, self.defined, self.words = set(), set(), set()
        for text in texts.values():
            one = _used(text)
            self.all |= one.all
            self.defined |= one.defined
            self.words |= one.words


@lru_cache(None)
def _used(text):
    """The _UsedBy of a source, which several trees have."""
    return _UsedBy(text)


class _UsedBy:
    """As Used, of the source `text`."""

    def __init__(self, text):
        self.all, self.defined, self.words = set(), set(), set()
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return  # the compiler will say so
        self._texts(tree)
        self._definitions(tree)
        for node in ast.walk(tree):
            self._node(node)

    def _texts(self, tree):
        ignored, lists = set(_docstrings(tree)), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "split":
                lists.add(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                self.words.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
            elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and node not in ignored:
                value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                if node in lists or _NAMES.fullmatch(value):
                    self.words.update(_WORD.findall(value))

    def _definitions(self, scope):
        """The names of a module or a class and of all within; variables of functions have none in the file."""
        for node in ast.walk(ast.Module(scope.body, [])):
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                self.defined.add(node.name)
            elif isinstance(node, ast.arg):
                self.defined.add(node.arg)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                self.defined.add(node.attr)
            elif isinstance(node, ast.Global):
                self.defined.update(node.names)
            if isinstance(node, ast.ClassDef):
                self._variables(node)
        self._variables(scope)

    def _variables(self, scope):
        for node in scope.body:
            if isinstance(node, ast.Assign) and not _is_private_constant(node):
                parts = [part for target in node.targets for part in ast.walk(target)]
                self.defined.update(part.id for part in parts if isinstance(part, ast.Name))

    def _node(self, node):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            self.all.add(node.name)
        elif isinstance(node, (ast.arg, ast.keyword)):
            self.all.add(node.arg)
        elif isinstance(node, (ast.Name, ast.Attribute)):
            self.all.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.alias):
            self.all.update(_WORD.findall("%s %s" % (node.name, node.asname)))
        elif isinstance(node, ast.ImportFrom):
            self.all.update(_WORD.findall(node.module or ""))


def _is_private_constant(node):
    """Whether the compiler puts its value in the place of its name."""
    target = getattr(node.targets[0], "id", "")
    return target[:1] == "_" and isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "const"


def replacements(firmware, beside):
    """Name -> name of the image, for the sources `firmware` of an archive (path -> text); those of `beside` stay."""
    image = rom()
    used, fixed = Used(firmware), Used(beside)
    modules = set(_WORD.findall(" ".join(firmware).replace("/", " ").replace(".py", " ")))
    alike = {name for name in fixed.all if not SHORT.fullmatch(name)}  # short names hold within a file only
    stay = image | used.words | alike | fixed.words | modules | set(keyword.kwlist) | set(dir(builtins))
    wanted = {name for name in used.defined - stay if name[:2] != "__" and name != "_"}
    daily, board = _names_outside(firmware, RARE + SIMULATION), _names_outside(firmware, SIMULATION)
    known = set(dir(builtins)).union(*(dir(kind) for kind in _TYPES)) | set(_PROTOCOLS.split()) | set(keyword.kwlist)
    free = image - used.all - used.words - fixed.all - fixed.words - known
    # A plain .py keeps its private names, which the build shortens: none of theirs may stand for another.
    free = sorted(name for name in free if _IDENTIFIER.fullmatch(name) and not _ERRNO.fullmatch(name))
    # There are not enough. Those of every day before those of an update, and these before those of the simulation; of
    # these those of many files first, which are in memory sooner, then the longest.
    files = [Used({name: text}).all for name, text in firmware.items() if not name.startswith(RARE + SIMULATION)]
    count = {name: sum(name in names for names in files) for name in wanted}
    order = sorted(wanted, key=lambda name: (name not in daily, name not in board, -count[name], -len(name), name))
    return dict(zip(order, free, strict=False))


def _names_outside(firmware, rooms):
    return Used({name: text for name, text in firmware.items() if not name.startswith(rooms)}).all


def table(names, families=None):
    """The bytes of names.tbl; `families`: source -> name -> a short one in this source alone (shorten.py), in whose
    place there may be one of `names`."""
    lines = ["%s %s\n" % pair for pair in sorted(names.items())]
    for file, family in sorted((families or {}).items()):
        lines += ["%s %s %s\n" % (name, names.get(short, short), file) for name, short in sorted(family.items())]
    return "".join(lines).encode()


def read_table(content):
    """Name -> name of the image, from the bytes of a names.tbl."""
    return dict(line.split() for line in content.decode().splitlines() if line.count(" ") == 1)


def names_of(tree):
    """Name -> name of the image, of the firmware in the folder `tree` of build/."""
    return read_table(read_member((tree / "firmware.a").read_bytes(), TABLE))


def translated(folder, sources, tree):
    """A copy in `folder` of the .py files in the folders `sources`, that run beside the firmware of `tree`."""
    names = names_of(tree)
    folder.mkdir(parents=True, exist_ok=True)
    for path in (path for source in sources for path in source.glob("*.py")):
        new = folder / ("%s.%d" % (path.name, os.getpid()))
        new.write_text(replaced(path.read_text(), names))
        os.replace(new, folder / path.name)
    return folder


def main():
    tree = Path(__file__).resolve().parents[1] / "build" / "esp32"
    names = {short: name for name, short in names_of(tree).items()}
    for line in sys.stdin:
        print(_WORD.sub(lambda word: names.get(word[0], word[0]), line), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
