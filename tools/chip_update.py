"""An update over HTTP while a session runs (1.6 5.19): download, installation, trial of the new version, Installed."""

from contextlib import contextmanager

from chip_board import HERE
from chip_central import Central
from chip_runs import over_tls
from chip_trial import Failed, default_config
from file_server import FileServer
from keys import PUBLIC, make, signer
from package import package

from build import KEY, ROOT

VERSION = "99.0.0"
STATUS = "FirmwareStatusNotification"
TRIAL_S = 300  # updates/trial.py
_LONG_AGO = "2020-01-01T00:00:00Z"
_CONFIG = {"updates": {"unsigned": False}}
_DOWNLOAD_S = 900
_INSTALL_S = 120
_VALUES_S = 10  # between two MeterValues, see default_config()
_LOOK_MS = 2000
_WAIT_MS = 12000  # longer than it takes the firmware to see that no session runs


def signed_package(folder, trial_s=TRIAL_S):
    """(package of VERSION, PEM of the key that checks its signature); its trial lasts `trial_s` seconds, and but for
    that and the version it is what `make package` makes of these sources."""
    make(folder / "keys")
    changed = {}
    if trial_s != TRIAL_S:
        name = "updates/trial.py"
        changed[name] = folder / "trial.py"
        changed[name].write_text((ROOT / name).read_text().replace("const(%d)" % TRIAL_S, "const(%d)" % trial_s, 1))
    path, _ = package(VERSION, signer(folder / "keys"), folder, changed)
    return path.read_bytes(), (folder / "keys" / PUBLIC).read_bytes()


@contextmanager
def _over_ws(trial, sections, files):
    with Central() as central:
        trial.write_flash(default_config(central, **sections), files)
        yield central


def update(trial, kind=None):
    """The board gets a signed package of the same firmware with a higher version while a car charges; over TLS with a
    `kind`, see over_tls()."""
    content, public = signed_package(trial.folder, trial.options.trial)
    files = {KEY: public}
    link = over_tls(trial, kind, sections=_CONFIG, more=files) if kind else _over_ws(trial, _CONFIG, files)
    with link as central, FileServer(content) as server:
        trial.say("BootNotification after %.1f s", trial.start(central))
        started = trial.begin_session(central)
        trial.look()
        _say_figures(trial, "before the download")
        mark = central.mark()
        seconds = _download(trial, central, server, len(content))
        _judge_values(trial, central, mark, seconds)
        mark = _install(trial, central, started)
        _confirmed(trial, central, mark)
        stopped = _session(trial, central)
        trial.say("a session with the new version: stopped at %d Wh", stopped["meterStop"])
        trial.finish(central)


def _say_figures(trial, when):
    trial.say("%s: heaps: %s; tick late: %s", when, trial.heaps.text(), trial.lateness.text())


def statuses(central, since=0):
    """Those of the update that have been reported since this mark."""
    return [payload["status"] for action, payload in central.calls[since:] if action == STATUS]


def _download(trial, central, server, size):
    """Until the package is on the board and verified: the seconds that it took."""
    clock, connections, mark = trial.board.clock, central.connections, central.mark()
    payload = {"location": server.url(HERE), "retrieveDate": _LONG_AGO, "retries": 0}
    trial.call(central, "UpdateFirmware", payload)
    trial.expect(central, STATUS, mark, status="Downloading")
    begun = clock.now()
    while statuses(central, mark)[-1] == "Downloading":
        if not trial.healthy() or clock.now() > begun + _DOWNLOAD_S * 1000:
            raise Failed("no package after %.0f s" % ((clock.now() - begun) / 1000))
        trial.look()
        clock.sleep(_LOOK_MS)
    seconds = (clock.now() - begun) / 1000
    if statuses(central, mark)[-1] != "Downloaded":
        raise Failed("the download ends with %s" % statuses(central, mark)[-1])
    trial.say("downloaded and verified %d bytes in %.1f s, %.1f kB/s; the connection broke %d times", size, seconds,
              size / 1000 / seconds, central.connections - connections)
    trial.look()
    _say_figures(trial, "after the download")
    return seconds


def _judge_values(trial, central, mark, seconds):
    """MeterValues have come every 10 s; where the connection was closed for the download, they come afterwards. The
    installation waits for the end of the session."""
    trial.board.clock.sleep(_WAIT_MS)
    values = sum(action == "MeterValues" for action, _ in central.calls[mark:])
    trial.say("%d MeterValues in %.0f s", values, seconds + _WAIT_MS / 1000)
    if values < seconds // _VALUES_S - 1:
        trial.fail("%d MeterValues in %.0f s, wanted: every %d s", values, seconds, _VALUES_S)
    if statuses(central, mark)[-1] != "Downloaded":
        trial.fail("during the session: %s", statuses(central, mark))


def _install(trial, central, started):
    """End the session, so that the new version is installed and starts. The mark before that."""
    clock, mark = trial.board.clock, central.mark()
    trial.want_reset()
    stopped = trial.end_session(central)
    trial.say("session over the download: %d Wh", stopped["meterStop"] - started["meterStart"])
    trial.expect(central, STATUS, mark, status="Installing")
    begun = clock.now()
    boot = trial.expect(central, "BootNotification", mark, _INSTALL_S)
    trial.say("version %s: BootNotification %.1f s after Installing", boot["firmwareVersion"],
              (trial.sent_ms() - begun) / 1000)
    if boot["firmwareVersion"] != VERSION:
        raise Failed("version %s has started, wanted: %s" % (boot["firmwareVersion"], VERSION))
    return mark


def _confirmed(trial, central, mark):
    """Until the new version has reported Installed."""
    clock = trial.board.clock
    begun = clock.now()
    trial.expect(central, "StatusNotification", mark, connectorId=1)
    trial.look()
    trial.expect(central, STATUS, mark, trial.options.trial + _INSTALL_S, status="Installed")
    trial.say("Installed %.0f s after the start of the new version; told: %s", (clock.now() - begun) / 1000,
              ", ".join(statuses(central)))
    trial.look()
    _say_figures(trial, "after the update")


def _session(trial, central):
    trial.begin_session(central)
    trial.board.clock.sleep(3000)
    return trial.end_session(central)
