"""Runs on the emulated board around one session: the start, a session with the page, over TLS, and a long time."""

from contextlib import contextmanager

from chip_board import HERE
from chip_central import Central
from chip_certificates import make_certificates
from chip_heaps import spread
from chip_trial import Failed, default_config

_START_S = 10
_CALL_PAUSE_MS = 400
_CYCLE_S = 20
_GROWTH = 2048  # bytes: what a heap that is flat may differ


def start(trial):
    """From power-on to BootNotification, with the self-test."""
    with Central() as central:
        trial.write_flash(default_config(central))
        booted = trial.start(central)
        opened = next((packet.ms for packet in trial.board.clock.read() if packet.opens == central.port), 0) / 1000
        status = trial.look()
        trial.say("connection opened after %.1f s, BootNotification after %.1f s of the chip's time", opened, booted)
        tests = [connector.get("post") for connector in (status or {}).get("connectors", ())]
        trial.say("self-test: %s", tests)
        if booted > _START_S:
            trial.fail("BootNotification after %.1f s, wanted: %d", booted, _START_S)
        if not status:
            trial.fail("the page does not answer")
        trial.finish(central)


def session(trial):
    """A session over ws, with the page polled and values of the meter each 10 s."""
    with Central() as central:
        trial.write_flash(default_config(central))
        trial.say("BootNotification after %.1f s", trial.start(central))
        trial.poll()
        _charge(trial, central, trial.options.seconds)
        trial.finish(central)


def _charge(trial, central, seconds):
    """A session of `seconds` of the chip's time, with its figures, over one connection."""
    connections = central.connections
    started = trial.begin_session(central)
    times = _change_configuration(trial, central, seconds)
    trial.say("ChangeConfiguration: %s", spread(times))
    took, answer = trial.call(central, "GetConfiguration", {})
    keys = answer.get("configurationKey", ()) if isinstance(answer, dict) else ()
    trial.say("GetConfiguration: %s ms, %d keys", took and round(took), len(keys))
    stopped = trial.end_session(central)
    values = [payload for action, payload in central.calls if action == "MeterValues"]
    trial.say("session: %d Wh, %d MeterValues", stopped["meterStop"] - started["meterStart"], len(values))
    if len(values) < seconds // 10 - 1:
        trial.fail("%d MeterValues in %d s, wanted: every 10 s", len(values), seconds)
    if central.connections != connections:
        trial.fail("the connection broke %d times", central.connections - connections)


def _change_configuration(trial, central, seconds):
    """How long each call took, in ms, again and again for `seconds`."""
    clock = trial.board.clock
    ends = clock.now() + seconds * 1000
    times = []
    while clock.now() < ends:
        payload = {"key": "MeterValueSampleInterval", "value": "10"}
        took, _ = trial.call(central, "ChangeConfiguration", payload, ["Accepted"])
        if took is not None:
            times.append(took)
        clock.sleep(_CALL_PAUSE_MS)
    return times


@contextmanager
def over_tls(trial, kind, profile=2, sections=None, more=None):
    """A central system with certificates of the kind "RSA" or "EC", and the flash for it, with these `sections` of
    config.json and `more` files; with security profile 3 the charge point has a certificate, too."""
    chain, key, authority, client = make_certificates(trial.folder, kind, HERE)
    with Central((chain, key), authority if profile == 3 else None) as central:
        config = default_config(central, **(sections or {}))
        config["csms"]["ca_cert"] = authority.name
        files = {authority.name: authority.read_bytes(), **(more or {})}
        if profile == 3:
            config["ocpp"] = {**config.get("ocpp", {}), "SecurityProfile": "3"}
            files["data/" + client.name] = client.read_bytes()
        trial.write_flash(config, files)
        yield central


def wss(trial, kind, profile=2):
    """A short session over TLS, see over_tls()."""
    with over_tls(trial, kind, profile) as central:
        trial.say("%s: BootNotification after %.1f s", kind, trial.start(central))
        trial.poll(may_refuse=True)
        _charge(trial, central, 20)
        trial.finish(central)


def soak(trial):
    """Sessions for some minutes; the heap is as large at the end as after the first of them."""
    with Central() as central:
        trial.write_flash(default_config(central))
        trial.say("BootNotification after %.1f s", trial.start(central))
        trial.poll(5000)
        clock = trial.board.clock
        ends = clock.now() + trial.options.minutes * 60000
        marks = []
        while clock.now() < ends:
            trial.begin_session(central)
            clock.sleep(_CYCLE_S * 1000)
            trial.end_session(central)
            clock.sleep(2000)
            marks.append(len(trial.heaps.samples))
            trial.say("%4.1f min: %d sessions, heaps: %s; tick late: %s", clock.now() / 60000, len(marks),
                      trial.heaps.text(), trial.lateness.text())
        _judge_growth(trial, marks)
        trial.finish(central)


def _judge_growth(trial, marks):
    """Compare the first half with the second: the least that was free in each, the first session left out."""
    samples = [heap["free"] for heap in trial.heaps.samples[marks[0] :] if "free" in heap] if marks else []
    if len(samples) < 8:
        raise Failed("too few figures of the heap: %d; --tell-heaps has the console tell them" % len(samples))
    half = len(samples) // 2
    before, after = min(samples[:half]), min(samples[half:])
    trial.say("least free in the first half %d bytes, in the second %d", before, after)
    if after < before - _GROWTH:
        trial.fail("the heap has grown by %d bytes", before - after)
