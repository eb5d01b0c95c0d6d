"""Who may import whom: hal and ocpp side by side, profiles above ocpp, web apart, and one roof over all."""

import ast

import pytest
from rooms import firmware, imports, room, tree

PROJECT = {room(name) for name in firmware()}
ROOF = ("main", "app")  # what main.py does; only it knows everyone
LEAVES = ("heap", "memory", "names")  # which may be imported from everywhere, and import nothing of the project
ALLOWED = {
    "boot": (),
    "version": (),
    "manifest": (),
    "heap": (),
    "memory": (),
    "names": (),
    "slots": ("firmware_files",),
    "firmware_files": ("names",),
    "config": ("config",),
    "hal": ("hal",),
    "ocpp": ("ocpp",),
    "transfers": ("transfers",),  # beside ocpp: names are looked up by what the caller hands in
    "profiles": ("profiles", "ocpp", "transfers"),
    "web": ("web",),
    **dict.fromkeys(ROOF, tuple(PROJECT)),
}


def without_leaves(name):
    """What starts before they are there."""
    return room(name) in ("boot", "slots", "firmware_files")


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
        ("ocpp/engine.py", "import hal.evse.machine"),
        ("ocpp/engine.py", "def f():\n    from profiles.core import Core"),
        ("profiles/core/reset.py", "from hal import evse"),
        ("web/api.py", "import ocpp"),
        ("ocpp/engine.py", "from transfers import files"),
        ("transfers/files.py", "from ocpp import log"),
        ("config/loader.py", "from version import VERSION"),
        ("boot.py", "import config"),
        ("memory.py", "from ocpp import log"),
        ("names.py", "from ocpp import log"),
        ("slots.py", "import memory"),
        ("web/api.py", "import main"),
    ],
)
def test_a_forbidden_import_is_found(name, text):
    assert len(list(forbidden(name, ast.parse(text)))) == 1


def test_an_import_within_the_room_is_allowed():
    text = "from profiles.core import log\nfrom ocpp.errors import OcppError\nimport json\nimport memory\n"
    assert list(forbidden("profiles/core/reset.py", ast.parse(text))) == []
