"""The run `update` of tools/chip.py without an emulator: its package, its server, what it reads of the messages."""

import base64
import urllib.request
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from support import load

for needed in ("shorten", "mpy_index", "archive", "name_numbers", "rom_names", "compiler", "micropython32", "build",
               "keys", "package"):
    load(needed)
import chip_modules  # noqa: E402, F401

server, archive, run = load("file_server"), load("archive"), load("chip_update")
SECONDS = 20


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(package, PEM of the public key)."""
    return run.signed_package(tmp_path_factory.mktemp("update"), SECONDS)


def test_the_package_is_signed_and_has_a_higher_version(made):
    content, public = made
    magic, head, signature, _ = content.split(b"\n", 3)
    key = serialization.load_pem_public_key(public)
    key.verify(base64.b64decode(signature), magic + b"\n" + head + b"\n",
               padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    about = archive.read_head(content)
    assert about["version"] == run.VERSION and about["arch"] == "xtensawin"
    assert "esp32-devkitc-v4" in about["boards"]


def test_only_its_version_and_the_length_of_its_trial_are_other(made, tmp_path):
    built = (run.ROOT / "build" / "esp32" / "firmware.a").read_bytes()
    for path, same in (("version.mpy", False), ("updates/trial.mpy", False), ("updates/receiver.mpy", True)):
        assert (archive.read_member(made[0], path) == archive.read_member(built, path)) == same, path


def test_the_server_has_the_file():
    with server.FileServer(b"content" * 1000, 70000) as running:
        with urllib.request.urlopen(running.url()) as answer:
            assert answer.read() == b"content" * 1000 and answer.headers["Content-Length"] == "7000"
        assert running.url("192.168.4.2") == "http://192.168.4.2:%d/upoint.bin" % running.port


def test_the_statuses_of_the_update_are_in_their_order():
    calls = [(run.STATUS, {"status": "Downloading"}), ("MeterValues", {}), (run.STATUS, {"status": "Downloaded"})]
    central = SimpleNamespace(calls=calls)
    assert run.statuses(central) == ["Downloading", "Downloaded"] and run.statuses(central, 1) == ["Downloaded"]
