"""Who may import whom: hal and ocpp side by side, profiles above ocpp, web apart, and one roof over all."""

import ast

import pytest
from rooms import firmware, imports, modules, room, tree

PROJECT = {room(name) for name in firmware()}
ROOF = ("main", "app")  # what main.py does; only it knows everyone
LEAVES = ("heap", "memory", "modules", "names")  # for everybody; they import nothing of the project
ALLOWED = {
    "boot": (),
    "version": (),
    "manifest": (),
    "_scan": (),
    "_scan_py": (),
    "json_states": (),
    "strict_json": ("_scan", "_scan_py", "json_states"),
    "heap": (),
    "memory": ("modules",),
    "modules": ("in_place",),
    "in_place": (),
    "names": (),
    "slots": ("firmware_files", "slot_trial"),
    "slot_trial": (),
    "firmware_files": ("names",),
    "config": ("config", "strict_json"),
    "hal": ("hal",),
    "ocpp": ("ocpp", "x509", "strict_json", "_scan", "_scan_py"),
    "x509": ("x509",),
    "transfers": ("transfers", "x509"),  # beside ocpp: names are looked up by what the caller hands in
    "profiles": ("profiles", "ocpp", "transfers", "updates", "x509"),
    "updates": ("updates", "ocpp", "version", "x509"),
    "web": ("web", "strict_json"),
    **dict.fromkeys(ROOF, tuple(PROJECT)),
}


def without_leaves(name):
    """What starts before they are there."""
    return room(name) in ("boot", "slots", "slot_trial", "firmware_files")


def forbidden(name, syntax):
    for line, module in imports(name, syntax):
        floor = module.split(".")[0]
        if floor in PROJECT and floor not in ALLOWED[room(name)] + (() if without_leaves(name) else LEAVES):
            yield "%s:%d imports %s" % (name, line, module)


@pytest.mark.parametrize("name", firmware())
def test_imports_stay_on_their_floor(name):
    assert list(forbidden(name, tree(name))) == []


@pytest.mark.parametrize(
    "name, text",
    [
        ("hal/evse/machine.py", "from ocpp import log"),
        ("ocpp/engine/__init__.py", "import hal.evse.machine"),
        ("ocpp/engine/__init__.py", "def f():\n    from profiles.core import Core"),
        ("profiles/core/calls/reset.py", "from hal import evse"),
        ("web/api.py", "import ocpp"),
        ("ocpp/engine.py", "from transfers import files"),
        ("transfers/files.py", "from ocpp import log"),
        ("config/loader.py", "from version import VERSION"),
        ("boot.py", "import config"),
        ("memory.py", "from ocpp import log"),
        ("names.py", "from ocpp import log"),
        ("strict_json.py", "from ocpp.errors import OcppError"),
        ("slots.py", "import memory"),
        ("slot_trial.py", "from updates import installation"),
        ("updates/receiver.py", "from profiles import core"),
        ("web/api.py", "import main"),
        ("x509/verify.py", "from ocpp import clock"),
    ],
)
def test_a_forbidden_import_is_found(name, text):
    assert len(list(forbidden(name, ast.parse(text)))) == 1


def test_an_import_within_the_room_is_allowed():
    text = "from profiles.core import log\nfrom ocpp.errors import OcppError\nimport json\nimport memory\n"
    assert list(forbidden("profiles/core/calls/reset.py", ast.parse(text))) == []


def bound(syntax):
    """The names that the top of a module binds."""
    for node in ast.walk(syntax):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)


def unknown(syntax, known):
    """(line, what is imported from the project and is not there)."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            wanted = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            wanted = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for name, leaf in wanted:
            if name.split(".")[0] in PROJECT and not (name in known and (
                    leaf is None or "%s.%s" % (name, leaf) in known or leaf in bound(tree(known[name])))):
                yield node.lineno, "%s %s" % (name, leaf)


@pytest.mark.parametrize("name", firmware())
def test_what_is_imported_is_there(name):
    """Also inside functions that run once a year."""
    known = {**modules(), "boot": "boot.py", "slots": "slots.py", "slot_trial": "slot_trial.py",
             "firmware_files": "firmware_files.py"}
    assert [found for found in unknown(tree(name), known) if "version" not in found[1]] == []


def test_an_import_of_what_is_not_there_is_found():
    text = "def f():\n    from ocpp.store import nothing\n    import ocpp.none\n    from ocpp.errors import Nothing\n"
    assert [line for line, _ in unknown(ast.parse(text), modules())] == [2, 3, 4]
