"""A MicroPython with words of 32 bits, whose heap figures are those of the board.

    python tools/micropython32.py     fetch it into .venv/i386, unless it is there; prints where, or why there is none

It is Debian's package for i386, of the version in `SUITE`, unpacked into a folder of its own: apt keeps lists of its
own there and nothing of the machine changes. It starts through .venv/bin/micropython32. An object takes what it takes
on the chip; code for it is compiled with -march=x86. It has tls but no module ssl, and no _thread.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITE = "trixie"  # MicroPython 1.25.0, as the firmware of the board
FOLDER = ROOT / ".venv" / "i386"
COMMAND = ROOT / ".venv" / "bin" / "micropython32"
_PACKAGES = ("micropython", "libc6", "libffi8", "libmbedcrypto16", "libmbedtls21", "libmbedx509-7")
_APT = """APT::Architecture "i386";
APT::Architectures {{ "i386"; }};
APT::Sandbox::User "root";
Dir::State "{0}/state";
Dir::State::status "{0}/state/status";
Dir::Cache "{0}/cache";
Dir::Etc::sourcelist "{0}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
"""
_START = """#!/bin/sh
root="$(dirname "$(readlink -f "$0")")/../i386/root"
exec "$root/usr/lib/ld-linux.so.2" --library-path "$root/usr/lib/i386-linux-gnu" "$root/usr/bin/micropython" "$@"
"""
_PATIENCE_S = 600


class Missing(Exception):
    """There is no 32-bit MicroPython here; args[0] says why."""


def micropython32():
    """The path of the interpreter. Raises Missing."""
    if not COMMAND.exists():
        raise Missing("no 32-bit MicroPython: `make` fetches it on Debian with apt")
    return str(COMMAND)


def fetch():
    """Download and unpack it. Raises Missing."""
    if COMMAND.exists():
        return
    if sys.platform != "linux" or not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Missing("no 32-bit MicroPython: it is a package of Debian, and there is no apt here")
    shutil.rmtree(FOLDER, ignore_errors=True)
    for folder in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (FOLDER / folder).mkdir(parents=True)
    (FOLDER / "state" / "status").touch()
    (FOLDER / "apt.conf").write_text(_APT.format(FOLDER))
    (FOLDER / "sources.list").write_text("".join("deb %s %s main\n" % (uri, SUITE) for uri in _mirrors()))
    _run("apt-get", "update", "-q")
    _run("apt-get", "download", "-q", *_PACKAGES)
    for package in (FOLDER / "debs").glob("*.deb"):
        _run("dpkg", "-x", package, FOLDER / "root")
    for folder in ("state", "cache", "debs"):
        shutil.rmtree(FOLDER / folder)
    COMMAND.write_text(_START)
    COMMAND.chmod(0o755)
    done = subprocess.run([COMMAND, "-c", "import sys; print(sys.maxsize)"], capture_output=True, text=True)
    if done.stdout.strip() != str(2**31 - 1):
        COMMAND.unlink()
        raise Missing("the 32-bit MicroPython does not start here: %s" % (done.stdout + done.stderr).strip()[-200:])


def _mirrors():
    """Where this machine gets Debian's packages from."""
    wanted = ["--format", "$(ORIGIN)|$(REPO_URI)|$(CODENAME)", "Created-By: Packages"]
    listed = subprocess.run(["apt-get", "indextargets", *wanted], capture_output=True, text=True).stdout
    rows = [line.split("|") for line in listed.split("\n") if line.startswith("Debian|")]
    found = {uri for _, uri, codename in rows if "-" not in codename}
    if not found:
        raise Missing("no 32-bit MicroPython: apt knows no mirror of Debian here")
    return sorted(found)


def _run(*command):
    try:
        done = subprocess.run(command, cwd=FOLDER / "debs", capture_output=True, text=True, timeout=_PATIENCE_S,
                              env={"APT_CONFIG": str(FOLDER / "apt.conf"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    except subprocess.TimeoutExpired:
        raise Missing("no 32-bit MicroPython: %s took too long" % command[0]) from None
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-300:]
        raise Missing("no 32-bit MicroPython: %s: %s" % (" ".join(map(str, command[:2])), said))


if __name__ == "__main__":
    try:
        fetch()
    except Missing as missing:
        print("%s; what is measured with it is left out or estimated" % missing, file=sys.stderr)
