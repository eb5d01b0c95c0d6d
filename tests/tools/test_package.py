"""tools/keys.py and tools/package.py: the owner's keys, and packages that a board with the public one takes."""

import os
import shutil
import stat
import subprocess
import sys

import pytest
from limits import patient
from support import TOOLS, load

ROOT = TOOLS.parent
INTERPRETER = os.path.join(os.path.dirname(sys.executable), "micropython")
JUDGE = """
import sys
from updates import UpdateError, package
with open("package.bin", "rb") as file:
    content = file.read()
head = content[: package.end_of_head(content)]
class Chip:
    _mpy = %d
    version = (1, 25, 0)
class sys:
    implementation = Chip
package.sys = sys
try:
    fields = package.check_head(head, {"unsigned": False, "downgrade": False}, "esp32-devkitc-v4", "0.1.0", "")
    print(fields["version"], len(content) - len(head) == fields["size"])
except UpdateError as error:
    print(error.reason)
"""
XTENSAWIN = 11014


def tool(name, *arguments):
    command = [sys.executable, TOOLS / (name + ".py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=patient(20))


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("owner") / "keys"
    done = tool("keys", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "config/update.pub" in done.stdout and str(folder / "update.key") in done.stdout
    return folder


@pytest.fixture(scope="module")
def package(keys):
    """The package of version 7.8, which a test may read."""
    done = tool("package", keys, "--version", "7.8")
    path = ROOT / "build" / "upoint-7.8.bin"
    content = path.read_bytes()
    path.unlink()
    assert done.stdout == "build/upoint-7.8.bin: %d bytes, signed\n" % len(content), done.stderr
    return content


def judged(folder, content, key):
    """What a board with this key says of the package."""
    (folder / "config").mkdir(exist_ok=True)
    shutil.copy(key, folder / "config" / "update.pub")
    (folder / "package.bin").write_bytes(content)
    environment = {**os.environ, "MICROPYPATH": "%s:.frozen" % ROOT}
    command = [INTERPRETER, "-c", JUDGE % XTENSAWIN]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(5))
    return (done.stdout + done.stderr).strip()


def test_only_the_owner_can_read_the_private_key(keys):
    assert stat.S_IMODE((keys / "update.key").stat().st_mode) == 0o600
    assert (keys / "update.pub").read_text().startswith("-----BEGIN PUBLIC KEY-----\n")


def test_keys_that_are_there_stay(keys):
    before = [(keys / name).read_bytes() for name in ("update.key", "update.pub")]
    done = tool("keys", keys)
    assert done.returncode == 1 and "it stays" in done.stderr and done.stderr.count("\n") == 1
    assert [(keys / name).read_bytes() for name in ("update.key", "update.pub")] == before


def test_no_private_key_comes_into_the_checkout():
    for folder in (ROOT / "config", ROOT, ROOT / "build" / "keys"):
        done = tool("keys", folder)
        assert done.returncode == 1 and "is in the checkout" in done.stderr
        assert not (folder / "update.key").exists()


def test_a_board_with_the_public_key_takes_the_package(keys, package, tmp_path):
    assert judged(tmp_path, package, keys / "update.pub") == "7.8 True"
    head = load("archive").read_head(package)
    assert head["version"] == "7.8" and head["arch"] == "xtensawin" and head["mpy"] == XTENSAWIN
    assert b'"7.8"' not in load("archive").read_member(package, "updates/receiver.mpy")
    assert b"7.8" in load("archive").read_member(package, "version.mpy")


def test_one_with_another_key_does_not(package, tmp_path):
    assert tool("keys", tmp_path / "other").returncode == 0
    assert judged(tmp_path, package, tmp_path / "other" / "update.pub") == "InvalidSignature"


def test_an_unsigned_one_says_so(keys, tmp_path):
    done = tool("package", keys, "--version", "7.9", "--unsigned")
    path = ROOT / "build" / "upoint-7.9.bin"
    content = path.read_bytes()
    path.unlink()
    assert done.stdout.endswith("not signed\n") and judged(tmp_path, content, keys / "update.pub") == "Unsigned"


def test_without_keys_or_with_a_strange_version_one_line_says_so(keys, tmp_path):
    done = tool("package", tmp_path)
    assert done.returncode == 1 and "`make keys` makes one" in done.stderr and done.stderr.count("\n") == 1
    for version in ("", "1.0-rc1", "../1", "v1"):
        done = tool("package", keys, "--version", version)
        assert done.returncode == 1 and "is no version" in done.stderr, version
    (tmp_path / "update.key").write_bytes(b"no key")
    assert tool("package", tmp_path).returncode == 1


def test_the_signature_is_of_the_head(keys, package):
    archive = load("archive")
    magic, head, signature, body = package.split(b"\n", 3)
    signed = []
    again = archive.sign(package, lambda data: signed.append(data) or b"\0" * 384)
    assert signed == [magic + b"\n" + head + b"\n"] and len(signature) == 512
    assert again == b"\n".join([magic, head, b"A" * 512, body])
