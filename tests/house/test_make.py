"""The Makefile, with stand-ins for what it starts."""

import os
import shutil
import subprocess

import pytest
from limits import patient
from rooms import ROOT

FIRMWARE = """#!/bin/sh
echo "start $*" >> "$PWD/../../log"
echo "$PWD" >> "$PWD/../../log"
[ $(grep -c ^start "$PWD/../../log") -ge 3 ] && exit 3
exit 75
"""


def make(folder, *arguments):
    # Not as a part of the make that may run the tests.
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, timeout=patient(5))


@pytest.fixture
def checkout(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (".venv/bin", "build/host", "config"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("requirements.txt", ".venv/.ready", "config/config.json"):
        (tmp_path / name).write_text("")
    return tmp_path


def program(path, text):
    path.write_text(text)
    path.chmod(0o755)


def test_run_starts_the_firmware_again_after_a_reset_and_ends_with_any_other_status(checkout):
    program(checkout / ".venv/bin/python", "#!/bin/sh\n")
    program(checkout / ".venv/bin/micropython", FIRMWARE)
    done = make(checkout, "run")
    config = (checkout / "config/config.json").resolve()
    start = ["start main.py %s" % config, str((checkout / "build/host").resolve())]
    assert (checkout / "log").read_text().split("\n")[:-1] == start * 3
    assert "Error 3" in done.stderr


def test_run_takes_another_config(checkout):
    program(checkout / ".venv/bin/python", "#!/bin/sh\n")
    program(checkout / ".venv/bin/micropython", '#!/bin/sh\necho "$@"\n')
    (checkout / "mine.json").write_text("{}")
    done = make(checkout, "run", "CONFIG=mine.json")
    assert (done.returncode, done.stdout) == (0, "main.py %s\n" % (checkout / "mine.json").resolve())


def test_a_python_that_is_too_old_is_refused_in_words(checkout):
    (checkout / ".venv/.ready").unlink()
    program(checkout / "oldpython", "#!/bin/sh\nexit 1\n")
    done = make(checkout, "build", "PYTHON=./oldpython")
    assert done.returncode and "./oldpython is not Python 3.11 or newer" in done.stderr
    assert not (checkout / ".venv/.ready").exists()


def test_a_python_without_venv_is_refused_in_words(checkout):
    (checkout / ".venv/.ready").unlink()
    program(checkout / "bare", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    done = make(checkout, "build", "PYTHON=./bare")
    assert done.returncode and "apt install python3-venv" in done.stderr


def test_help_names_every_target(checkout):
    told = make(checkout).stdout
    text = (ROOT / "Makefile").read_text()
    targets = text.split(".PHONY:")[1].split("\n")[0].split()
    assert [name for name in targets if name != "help" and "make %s " % name not in told] == []
