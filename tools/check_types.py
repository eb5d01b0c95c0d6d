"""Checks the types of the rooms CHECKED against the stubs of the board's MicroPython; part of `make lint`.

    python tools/check_types.py

Hints are comments ("# type: ..."), which cost nothing on the board; what has none is inferred. pyproject.toml says what
is an error.
"""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKED = ("config", "hal", "json_states.py", "ocpp", "profiles", "strict_json.py", "web", "x509")
STUBS = ("micropython-esp32-esp32-generic-stubs", "micropython-stdlib-stubs")


def link_stubs(folder):
    """Make `folder` hold links to STUBS: of all that is installed the checker is to see these alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in STUBS:
        distribution = importlib.metadata.distribution(name)
        for top in {path.parts[0] for path in distribution.files if path.suffix == ".pyi"}:
            link = folder / top
            link.unlink(missing_ok=True)
            link.symlink_to(distribution.locate_file(top))


def main():
    stubs = ROOT / "build" / "stubs"
    link_stubs(stubs)
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--config-file", ROOT / "pyproject.toml"]
    command += ["--platform", "linux", "--custom-typeshed-dir", stubs, "--cache-dir", ROOT / "build" / "mypy", *CHECKED]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "MYPYPATH": str(stubs)}).returncode


if __name__ == "__main__":
    sys.exit(main())
