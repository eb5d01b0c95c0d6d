"""Fixtures of the end-to-end tests: the central system, and the firmware as a process that talks to it."""

import tempfile
from pathlib import Path

import pytest
from central import Csms
from charge_point import Firmware
from file_servers import HttpServer
from new_versions import new_version
from updating import Updating, keys


def pytest_make_parametrize_id(config, val, argname):
    """Ids that fit a terminal, whatever frames and payloads the parameters are."""
    text = val if isinstance(val, str) else repr(val)
    return ascii(text)[1:-1][:40] if text.isascii() else ascii(text)[1:25]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show the frames and the firmware's output of a failed test."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        for one in item.stash.get(_MADE, []):
            report.sections.append((f"{type(one).__name__}: what it has seen", one.report()))
    return report


_FAILED = pytest.StashKey[bool]()
_MADE = pytest.StashKey[list]()


@pytest.fixture
def make_csms(request):
    """make_csms(**what Csms takes): a strict and friendly central system, listening. A violation that no wait
    has met fails the test at its end."""
    made = request.node.stash.setdefault(_MADE, [])

    def make(**options):
        made.append(Csms(**options))
        return made[-1]

    yield make
    central_systems = [one for one in made if isinstance(one, Csms)]
    for csms in central_systems:
        csms.guards.clear()
        csms.close()
    if not request.node.stash.get(_FAILED, False):
        for csms in central_systems:
            csms.check()


@pytest.fixture
def csms(make_csms):
    return make_csms()


@pytest.fixture
def make_firmware(request, tmp_path):
    """make_firmware(csms, kind): a charge point, not started. It has to get through the test without a
    traceback."""
    made = request.node.stash.setdefault(_MADE, [])

    with tempfile.TemporaryDirectory(prefix="upoint-") as directory:

        def make(csms=None, kind=Firmware):
            home = Path(directory) / str(len(made))
            home.mkdir()
            made.append(kind(home, csms))
            return made[-1]

        yield make
        _end(request, [one for one in made if isinstance(one, Firmware)])


def _end(request, charge_points):
    for firmware in charge_points:
        firmware.kill()
    if not request.node.stash.get(_FAILED, False):
        assert not [line for firmware in charge_points for line in firmware.crashes()]


@pytest.fixture
def firmware(make_firmware, csms):
    return make_firmware(csms)


@pytest.fixture
def station(csms, firmware):
    """start(connectors=1, **ocpp): start the firmware with these configuration keys and wait until it is
    Accepted and has reported its status; the firmware."""

    def start(connectors=1, **ocpp):
        firmware.start(connectors=connectors, ocpp=ocpp)
        csms.expect_boot(connectors)
        return firmware

    return start


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The bytes of version 99.0.0, not signed."""
    return new_version(tmp_path_factory.mktemp("made") / "new")


@pytest.fixture(scope="session")
def owner(tmp_path_factory):
    """(signer, PEM of the public key) of an owner."""
    return keys(tmp_path_factory.mktemp("keys") / "owner")


@pytest.fixture
def site(csms, firmware, tmp_path):
    """The charge point with a flash of its own, see updating.py."""
    return Updating(csms, firmware, tmp_path)


@pytest.fixture
def server(package):
    """A server of files that has the package."""
    made = HttpServer()
    made.files["/upoint.bin"] = package
    yield made
    made.close()
