import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from limits import patient

ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = Path(sys.executable).with_name("micropython")


@pytest.fixture(scope="module")
def judge():
    """judge(name, *arguments): what that function of judge.py gives, in a MicroPython that reads the sources."""
    process = subprocess.Popen(
        [INTERPRETER, "-X", "heapsize=300wK", ROOT / "tests" / "x509" / "judge.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "MICROPYPATH": "%s:.frozen" % ROOT},
    )

    def ask(name, *arguments):
        process.stdin.write(json.dumps([name, arguments]).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert not (isinstance(answer, dict) and "crash" in answer), answer
        return answer

    yield ask
    process.stdin.close()
    process.stdout.close()
    assert process.wait(patient(1)) == 0
