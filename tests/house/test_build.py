"""tools/build.py: same sources, same bytes; no half builds; nothing on the board but what is its own."""

import ast
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from limits import patient
from rooms import ROOMS, ROOT

SOURCES = [path.name for path in ROOT.glob("*.py")] + [*ROOMS, "schemas"]


def build(checkout):
    command = [sys.executable, checkout / "tools" / "build.py", "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, timeout=patient(10))


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sample(folder, files):
    """A checkout of tools/build.py, a version and these files."""
    files = {"version.py": 'VERSION = "1.2.3"\n', "main.py": "import web\n", "web/__init__.py": "", **files}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "tools").mkdir(exist_ok=True)
    for name in ("build.py", "borrow.py", "shake.py", "shorten.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    return folder


VIPER = "import micropython\n\n@micropython.viper\ndef f(b: ptr8) -> int:\n    return int(b[0])\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The project itself, built in a copy."""
    checkout = sample(tmp_path_factory.mktemp("whole"), {})
    ignored = shutil.ignore_patterns("__pycache__")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, checkout)
    done = build(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return checkout


def test_the_same_sources_give_the_same_bytes(whole):
    first = contents(whole / "build")
    shutil.rmtree(whole / "build")
    build(whole)
    assert contents(whole / "build") == first


def test_manifest_lists_every_file(whole):
    for name in ("host", "esp32"):
        files = contents(whole / "build" / name)
        manifest = json.loads(files.pop("manifest.json"))
        expected = {
            path: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        }
        assert manifest["files"] == expected
    assert manifest["arch"] == "xtensawin"
    assert 'VERSION = "%s"' % manifest["version"] in (ROOT / "version.py").read_text()


def test_only_what_micropython_starts_is_source(whole):
    for name in ("host", "esp32"):
        sources = {path for path in contents(whole / "build" / name) if path.endswith(".py")}
        assert sources == {"boot.py", "main.py"}


def test_both_trees_have_the_same_files_and_nothing_else(whole):
    """A board without electronics is simulated, too."""
    host, board = (contents(whole / "build" / name) for name in ("host", "esp32"))
    assert set(host) == set(board)
    for name in (
        "hal/sim/__init__.mpy",
        "web/simulation.mpy",
        "hal/esp32/wires.mpy",
        "schemas/ocpp16.tbl",
        "microdot/microdot.mpy",
    ):
        assert name in board
    assert not [name for name in board if name.startswith(("tests", "tools", ".", "data"))]


def test_board_config_is_right_for_the_board(whole):
    sys.path.insert(0, str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("build_tool", ROOT / "tools" / "build.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    path = whole / "board.json"
    path.write_bytes(tool.board_config((ROOT / "config" / "config.json").read_bytes(), tool.BOARD))
    program = "from config.loader import load; print(load('%s')['board']['type'])" % path
    interpreter = Path(sys.executable).with_name("micropython")
    told = subprocess.check_output([interpreter, "-c", program], cwd=ROOT, text=True)
    assert told.strip() == tool.BOARD


def test_files_name_their_source_and_no_folder_of_this_machine(whole):
    for name, content in contents(whole / "build" / "host").items():
        if name.endswith(".mpy"):
            assert name.removesuffix(".mpy").replace("/__init__", "").replace("/", ".").encode() in content
            assert str(ROOT).encode() not in content and str(whole).encode() not in content


def test_frozen_parts_are_all_but_config(whole):
    frozen = []
    names = {"include": lambda path: None, "freeze": lambda path, part: frozen.append(part)}
    exec(compile(ast.parse((ROOT / "manifest.py").read_text()), "manifest.py", "exec"), names)
    tree = whole / "build" / "esp32"
    left = {path.name for path in tree.iterdir()} - set(frozen)
    assert left == {"boot.py", "main.py", "config", "schemas", "manifest.json"}
    assert all((tree / part).exists() for part in frozen)


def test_every_refused_file_is_told_of_both_trees_and_the_last_build_stays(tmp_path):
    checkout = sample(tmp_path, {"web/a.py": "A = 1\n"})
    assert build(checkout).returncode == 0
    before = contents(checkout / "build")
    bad_viper = VIPER.replace("b[0]", "b.x")
    sample(tmp_path, {"web/a.py": "A = 2\n", "web/b.py": "def f(:\n", "web/_c.py": bad_viper})
    done = build(checkout)
    assert done.returncode == 1
    for tree in ("host", "esp32"):
        told = done.stderr.split("build/%s: mpy-cross refuses" % tree)[1]
        assert "web/b.py" in told and "SyntaxError" in told and "web/_c.py" in told
    assert contents(checkout / "build") == before
    assert sorted(path.name for path in (checkout / "build").iterdir()) == ["esp32", "host"]


def test_what_is_gone_from_the_sources_goes_from_the_build_but_not_the_data(tmp_path):
    checkout = sample(tmp_path, {"web/old/__init__.py": "A = 1\n"})
    build(checkout)
    (checkout / "build/host/data").mkdir()
    (checkout / "build/host/data/keys.0").write_text("kept")
    shutil.rmtree(checkout / "web/old")
    build(checkout)
    assert not (checkout / "build/host/web/old").exists()
    assert (checkout / "build/host/data/keys.0").read_text() == "kept"


def test_of_twins_only_one_is_built(tmp_path):
    checkout = sample(tmp_path, {"web/_m.py": VIPER, "web/_m_py.py": "def f(b):\n    return b[0]\n"})
    build(checkout)
    for tree in ("host", "esp32"):
        files = json.loads((checkout / "build" / tree / "manifest.json").read_text())
        expected = "web/_m.mpy" if files["arch"] else "web/_m_py.mpy"
        assert [name for name in files["files"] if "/_m" in name] == [expected]


def test_microdot_modules_are_those_that_are_imported(tmp_path):
    checkout = sample(tmp_path, {"web/a.py": "from microdot.sse import with_sse\n"})
    build(checkout)
    files = [name for name in contents(checkout / "build/esp32") if name.startswith("microdot/")]
    assert {"microdot/__init__.mpy", "microdot/microdot.mpy", "microdot/sse.mpy"} <= set(files)
    assert "microdot/websocket.mpy" not in files
