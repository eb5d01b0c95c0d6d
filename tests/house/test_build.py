"""tools/build.py: same sources, same bytes; no half builds; nothing on the board but what is its own."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from limits import patient
from rooms import ROOMS, ROOT

SOURCES = [path.name for path in ROOT.glob("*.py")] + [*ROOMS, "schemas"]
TOOLS = ("archive.py", "build.py", "compiler.py", "micropython32.py", "mpy_index.py", "name_numbers.py",
         "rom_names.json", "rom_names.py", "shorten.py")
BESIDE = {"boot.py", "main.py", "slots.mpy", "slot_trial.mpy", "firmware_files.mpy", "config/config.json"}
TREES = ("host", "esp32")
HEAD = ("version", "arch", "mpy", "boards", "layout", "micropython")


def tool(name):
    sys.path.append(str(ROOT / "tools"))  # `schemas` there must not come first
    spec = importlib.util.spec_from_file_location(name + "_tool", ROOT / "tools" / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT / "tools"))
    return module


def build(checkout):
    command = [sys.executable, checkout / "tools" / "build.py", "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, timeout=patient(20))


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def modules(checkout, tree):
    """What is in the archive of a tree, as files."""
    return contents(checkout / "build" / "modules" / tree)


def sample(folder, files):
    """A checkout of tools/build.py, a version, what lies beside the firmware, and these files."""
    files = {"version.py": 'VERSION = "1.2.3"\n', "main.py": "import web\n", "boot.py": "", "slots.py": "A = 1\n",
             "slot_trial.py": "C = 1\n", "firmware_files.py": "B = 1\n", "config/__init__.py": "",
             "web/__init__.py": "", "config/config.json": '{"board": {}, "connectors": [], "web": {}}', **files}
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "tools").mkdir(exist_ok=True)
    for name in TOOLS:
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    return folder


VIPER = "import micropython\n\n@micropython.viper\ndef f(b: ptr8) -> int:\n    return int(b[0])\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The project itself, built in a copy."""
    checkout = sample(tmp_path_factory.mktemp("whole"), {})
    ignored = shutil.ignore_patterns("__pycache__", "update.pub", "secrets.json")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, checkout)
    done = build(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return checkout


def test_the_same_sources_give_the_same_bytes(whole):
    first = {tree: contents(whole / "build" / tree) for tree in TREES}
    shutil.rmtree(whole / "build")
    build(whole)
    assert {tree: contents(whole / "build" / tree) for tree in TREES} == first


def built(checkout):
    """BUILT of the version that a build has put into its archive."""
    done = build(checkout)
    assert done.returncode == 0, done.stderr
    program = "import sys; sys.path.insert(0, %r); import version; print(version.BUILT)"
    interpreter = Path(sys.executable).with_name("micropython")
    command = [interpreter, "-c", program % str(checkout / "build/modules/host")]
    return subprocess.check_output(command, text=True).strip()


@pytest.mark.parametrize("where", ["no checkout", "below another checkout"])
def test_without_a_commit_the_time_of_the_build_is_that_of_the_version(tmp_path, where):
    checkout = sample(tmp_path / "copy", {"version.py": 'VERSION = "1"\nBUILT = "2026-01-02T03:04:05Z"\n'})
    if where == "below another checkout":
        commit(tmp_path, "2030-01-01T00:00:00+00:00")
    assert built(checkout) == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("made, expected", [("2026-02-03T04:05:06+02:00", "2026-02-03T02:05:06Z"),
                                            ("2025-12-31T23:59:59+00:00", "2026-01-02T03:04:05Z")])
def test_a_checkout_has_the_time_of_its_commit_if_that_is_later(tmp_path, made, expected):
    """It depends on the commit alone, not on when or where it is built."""
    checkout = sample(tmp_path, {"version.py": 'VERSION = "1"\nBUILT = "2026-01-02T03:04:05Z"\n'})
    commit(checkout, made)
    assert built(checkout) == expected
    first = {tree: contents(checkout / "build" / tree) for tree in TREES}
    shutil.rmtree(checkout / "build")
    assert built(checkout) == expected
    assert {tree: contents(checkout / "build" / tree) for tree in TREES} == first


def commit(folder, made):
    """Make `folder` a repository with one commit, made at this time."""
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        environment = {**os.environ, "GIT_COMMITTER_DATE": made, "GIT_AUTHOR_DATE": made}
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", folder, *who, *command], check=True, env=environment)


def test_an_archive_holds_all_modules_and_says_what_it_is_for(whole):
    archive = tool("archive")
    for tree, architecture in (("host", None), ("esp32", "xtensawin")):
        content = (whole / "build" / tree / "firmware.a").read_bytes()
        head = archive.read_head(content)
        assert head["arch"] == architecture or tree == "host"
        assert 'VERSION = "%s"' % head["version"] in (ROOT / "version.py").read_text()
        pool = ["names.pool"] if architecture else []
        names = [*modules(whole, tree), "firmware_files.mpy", "names.tbl", *pool]
        members = {name: archive.read_member(content, name) for name in names}
        assert all(members.values())
        assert content == archive.pack(members, **{key: head[key] for key in HEAD})
        assert set(head) == {*HEAD, "members", "size", "sha256"}
        assert head["boards"] == ["esp32-devkitc-v4", "sim"] and head["layout"] == 1 and head["micropython"] == "1.25"


def test_an_archive_that_was_changed_is_refused(whole):
    archive = tool("archive")
    good = (whole / "build" / "esp32" / "firmware.a").read_bytes()
    flipped = good[:-1] + bytes([good[-1] ^ 1])
    for bad in (b"", good[:-1], good + b"1", flipped, b"x" + good, good.replace(b"size", b"sise")):
        with pytest.raises(archive.Damaged):
            archive.read_head(bad)


def test_two_paths_with_one_checksum_are_refused():
    with pytest.raises(ValueError, match="rename"):
        tool("archive").pack({"plumless": b"", "buckeroo": b""}, version="1", arch=None, mpy=6)


def test_beside_the_firmware_lies_what_starts_it(whole):
    for tree in TREES:
        assert set(contents(whole / "build" / tree)) == {*BESIDE, "firmware.a"}


def test_no_module_is_source(whole):
    for tree in TREES:
        assert not [path for path in modules(whole, tree) if path.endswith(".py")]


def test_all_trees_have_the_same_modules_and_nothing_else(whole):
    """A board without electronics is simulated, too."""
    host, board = (modules(whole, tree) for tree in TREES)
    assert set(host) == set(board)
    for name in (
        "hal/sim/__init__.mpy",
        "web/simulation.mpy",
        "hal/esp32/wires.mpy",
        "schemas/ocpp16.tbl",
    ):
        assert name in board
    assert not [name for name in board if name.startswith(("tests", "tools", ".", "data", "slots", "boot", "main"))]


def test_board_config_is_right_for_the_board(whole):
    tools = tool("build")
    path = whole / "board.json"
    path.write_bytes(tools.board_config((ROOT / "config" / "config.json").read_bytes(), tools.BOARD))
    program = "from config.loader import load; print(load('%s')['board']['type'])" % path
    interpreter = Path(sys.executable).with_name("micropython")
    told = subprocess.check_output([interpreter, "-c", program], cwd=ROOT, text=True)
    assert told.strip() == tools.BOARD


def test_the_secrets_of_the_owner_are_in_no_build(tmp_path):
    """A package is given away, and so is a build."""
    folder = sample(tmp_path / "checkout", {"config/secrets.json": '{"web": {"password": "SECRET00001"}}'})
    done = build(folder)
    assert (done.returncode, done.stderr) == (0, "")
    files = contents(folder / "build")
    assert files and not [name for name, content in files.items() if b"SECRET00001" in content or "secrets" in name]


def test_no_file_names_a_folder_of_this_machine(whole):
    for content in modules(whole, "host").values():
        assert str(ROOT).encode() not in content and str(whole).encode() not in content


def test_a_traceback_shows_a_file_by_its_own_name_or_a_whole_one_where_two_have_it():
    files = ("hal/__init__.py", "hal/limits.py", "hal/evse.py", "profiles/smart_charging/limits.py")
    shown = ["hal", "hal/limits", "evse", "profiles/smart_charging/limits"]
    assert list(tool("compiler").shown_names(files).values()) == shown


def test_frozen_parts_are_all_modules(whole):
    frozen = []
    names = {"include": lambda path: None, "freeze": lambda path, part: frozen.append((path, part))}
    exec(compile(ast.parse((ROOT / "manifest.py").read_text()), "manifest.py", "exec"), names)
    tree = whole / "build" / "modules" / "esp32"
    assert {path.name for path in tree.iterdir()} - {part for _, part in frozen} == {"schemas"}
    assert all((whole / path / part).exists() for path, part in frozen)
    head = tool("archive").read_head((whole / "build/frozen/firmware.a").read_bytes())
    assert head["members"] == 2  # the tables, and their folder


def test_every_refused_file_of_both_trees_is_named_and_the_last_build_stays(tmp_path):
    checkout = sample(tmp_path, {"web/a.py": "A = 1\n"})
    assert build(checkout).returncode == 0
    before = {tree: contents(checkout / "build" / tree) for tree in TREES}
    bad_viper = VIPER.replace("b[0]", "b.x")
    sample(tmp_path, {"web/a.py": "A = 2\n", "web/b.py": "def f(:\n", "web/_c.py": bad_viper})
    done = build(checkout)
    assert done.returncode == 1
    for tree in TREES:
        told = done.stderr.split("build/%s: mpy-cross refuses" % tree)[1]
        assert "web/b.py" in told and "SyntaxError" in told and "web/_c.py" in told
    assert {tree: contents(checkout / "build" / tree) for tree in TREES} == before


def test_what_is_gone_from_the_sources_goes_from_the_build_but_not_the_data(tmp_path):
    checkout = sample(tmp_path, {"web/old/__init__.py": "A = 1\n"})
    build(checkout)
    (checkout / "build/host/data").mkdir()
    (checkout / "build/host/data/keys.0").write_text("kept")
    shutil.rmtree(checkout / "web/old")
    build(checkout)
    assert "web/old/__init__.mpy" not in modules(checkout, "host")
    assert (checkout / "build/host/data/keys.0").read_text() == "kept"


def test_of_twins_only_one_is_built(tmp_path):
    checkout = sample(tmp_path, {"web/_m.py": VIPER, "web/_m_py.py": "def f(b):\n    return b[0]\n"})
    build(checkout)
    archive = tool("archive")
    for tree in TREES:
        head = archive.read_head((checkout / "build" / tree / "firmware.a").read_bytes())
        expected = "web/_m.mpy" if head["arch"] else "web/_m_py.mpy"
        assert [name for name in modules(checkout, tree) if "/_m" in name] == [expected]
