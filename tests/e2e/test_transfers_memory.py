"""What a transfer takes of MicroPython's heap with the words of a board: code, its objects and one buffer.

The figures: `.venv/bin/pytest -q -rP tests/e2e/test_transfers_memory.py` after `make build`.
"""

import json
import os
from pathlib import Path

import pytest
from charge_point import Firmware
from file_servers import FtpServer, HttpServer
from transferring import ROOT, run

SIZE = 200000
BUDGET = 19000  # bytes, 4 kB of which are objects and the buffer
MICROPYTHON32 = Path(Firmware.interpreter).with_name("micropython32")


@pytest.fixture
def urls(tmp_path):
    http = HttpServer()
    http.files["/file"] = os.urandom(SIZE)
    (tmp_path / "ftp").mkdir()
    (tmp_path / "ftp" / "file").write_bytes(http.files["/file"])
    ftp = FtpServer(tmp_path / "ftp")
    yield {"http": http.url + "/file", "ftp": ftp.login("/file")}
    http.close()
    ftp.close()


@pytest.mark.skipif(not MICROPYTHON32.exists(), reason="no MicroPython with the words of a board")
@pytest.mark.parametrize("do", ["download", "upload"])
@pytest.mark.parametrize("protocol", ["http", "ftp"])
def test_a_transfer_takes_little_and_leaves_nothing(urls, tmp_path, monkeypatch, do, protocol):
    monkeypatch.setattr(Firmware, "interpreter", str(MICROPYTHON32))
    job = {"do": do, "url": urls[protocol], "heap": SIZE}
    outcome = json.loads(run(job, tmp_path, code=ROOT / "build" / "modules" / "host32"))
    figures = outcome["heap"]
    assert outcome["error"] is None and figures["bytes"] == SIZE
    print("%s over %s: %d bytes at the peak" % (do, protocol.upper(), figures["peak"]))
    assert 0 < figures["peak"] < BUDGET
    assert abs(figures["left"]) < 1000  # no code of a protocol, each of which takes more
