"""Fixtures of the end-to-end tests: the central system, and the firmware as a process that talks to it."""

import pytest
from central import Csms
from charge_point import Firmware


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show the frames and the firmware's output of a failed test."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Csms | Firmware):
                report.sections.append((f"{name}: what it has seen", value.report()))
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def csms(request):
    """A strict and friendly central system, listening. A violation that no wait has met fails the test at its
    end."""
    csms = Csms()
    yield csms
    csms.guards.clear()
    csms.close()
    if not request.node.stash.get(_FAILED, False):
        csms.check()


@pytest.fixture
def firmware(request, csms, tmp_path):
    """A charge point for `csms`, not started. It has to get through the test without a traceback."""
    firmware = Firmware(tmp_path, csms)
    yield firmware
    firmware.kill()
    if not request.node.stash.get(_FAILED, False):
        assert not firmware.crashes(), firmware.crashes()


@pytest.fixture
def station(csms, firmware):
    """start(connectors=1, **ocpp): start the firmware with these configuration keys and wait until it is
    Accepted and has told its status; the firmware."""

    def start(connectors=1, **ocpp):
        firmware.start(connectors=connectors, ocpp=ocpp)
        csms.expect_boot(connectors)
        return firmware

    return start
