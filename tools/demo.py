"""One charging session from plug to bill, with the firmware, a simulated car and a central system on this PC.

python tools/demo.py [--host-build build/host] [--meter-values 8]; exit status 0 when all of it went right.
"""

import argparse
import http.client
import json
import queue
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from demo_record import Record
from demo_screen import Screen
from processes import HOST_BUILD, ROOT, Child, NotBuilt, free_port, no_signal, start_firmware, write_config

_TAG = "0A1B2C3D"
_CAR_A = 16
_FULL_W = _CAR_A * 3 * 230
_TOTAL_S = 300  # a quiet machine needs 30
_POLL_S = 0.2


class Failed(Exception):
    """The demo cannot go on; args[0] says what was missing."""


class Demo:
    """Both processes, what they said, and the steps."""

    def __init__(self, options):
        self.options = options
        self.screen = Screen()
        self.record = Record()
        self.children = []
        self.connector = None
        self.queued = None
        self._events = queue.Queue()
        self._web_port = free_port()

    def run(self):
        """All steps; raises Failed or NotBuilt."""
        self.start()
        self.charge()
        self.leave()
        wrong = self.record.missing(self.connector["energy_wh"], self.queued)
        if wrong:
            raise Failed("the session is not right:\n  " + "\n  ".join(wrong))

    def start(self):
        """Central system and charge point, until the connector is Available."""
        self.screen.line("demo", "starting the central system and the charge point")
        csms = [sys.executable, ROOT / "tools" / "csms.py", "--port", "0", "--json"]
        with no_signal():
            self.children.append(Child("the central system", csms, self._events.put))
        self.until("a listening central system", lambda: self.record.port)
        keys = {"MeterValueSampleInterval": "2",
                "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import"}
        folder = self.options.host_build.parent / "demo"
        config = write_config(folder, self.record.port, self._web_port, keys, self.options.host_build)
        with no_signal():
            self.children.append(start_firmware(config, host_build=self.options.host_build))
        self.until("BootNotification", lambda: self.record.booted)
        self.until("status Available", lambda: self.status_is("Available"))

    def charge(self):
        """Plug in, card, charge."""
        self.step("car", "plugs in", "connectors/1/plug", state="plugged")
        self.until("status Preparing", lambda: self.status_is("Preparing"))
        self.step("card", "%s is held before the reader" % _TAG, "rfid", idTag=_TAG, connector=1)
        self.until("an answer to the card", lambda: self.record.authorized or self.record.started)
        self.step("car", "asks for energy: state C, up to %d A on 3 phases" % _CAR_A, "connectors/1/ev",
                  state="C", max_current=_CAR_A, phases=3)
        self.until("status Charging", lambda: self.status_is("Charging") and self.record.started)
        count = self.options.meter_values
        self.until("%d MeterValues" % count, lambda: self.record.meter_values >= count, 5 + 3 * count,
                   live=True)

    def leave(self):
        """Card, unplug, and the books balanced."""
        self.step("card", "%s again" % _TAG, "rfid", idTag=_TAG, connector=1)
        self.until("StopTransaction", lambda: self.record.stopped)
        self.until("status Finishing", lambda: self.record.status == "Finishing")
        self.step("car", "stops asking: state B", "connectors/1/ev", state="B")
        self.step("car", "unplugs", "connectors/1/plug", state="unplugged")
        self.until("status Available and an empty queue",
                   lambda: self.status_is("Available") and self.queued == 0)

    def status_is(self, status):
        """Whether the central system and the charge point's own page both say so."""
        return self.record.status == status and self.connector and self.connector["status"] == status

    def known(self):
        """What both sides said last, for a message of failure."""
        page = "did not answer yet"
        if self.connector:
            page = "says %s with %s messages queued" % (self.connector["status"], self.queued)
        return "the central system knows %s, /api/status %s" % (self.record.status or "no status", page)

    def step(self, who, what, path, **body):
        """Tell, and move one of the simulated board's levers."""
        self.screen.line(who, what)
        try:
            self._http("/api/sim/" + path, body)
        except (OSError, http.client.HTTPException) as error:
            detail = error.read().decode() if isinstance(error, urllib.error.HTTPError) else error
            raise Failed("POST /api/sim/%s: %s" % (path, detail)) from None

    def until(self, what, condition, seconds=80, live=False):
        """Take in events and status until condition(); Failed after `seconds` or when a process has ended."""
        deadline = time.monotonic() + min(seconds, _TOTAL_S - self.screen.elapsed())
        while not condition():
            if time.monotonic() > deadline:
                raise Failed("there was no %s in time; %s" % (what, self.known()))
            for child in self.children:
                if not child.running:
                    raise Failed(child.ending())
            self._take_events()
            self._take_status()
            if live and self.connector:
                self.screen.meter(self.connector, _FULL_W)

    def _take_events(self):
        """Show and record what the central system says, waiting a moment for the first of it."""
        wait = _POLL_S
        while True:
            try:
                line = self._events.get(timeout=wait) if wait else self._events.get_nowait()
            except queue.Empty:
                return
            wait = 0
            try:
                event = json.loads(line)
            except ValueError:
                continue  # a traceback: it is in the tail when the demo fails
            self.record.feed(event)
            who = "charge point" if event["event"] == "call" else "central system"
            self.screen.line(who, event["text"])

    def _take_status(self):
        if len(self.children) < 2:
            return
        try:
            status = self._http("/api/status")
        except (OSError, http.client.HTTPException):
            return  # not up yet, or gone: the deadline tells
        self.connector = status["connectors"][0]
        self.queued = status["csms"]["queued"]

    def _http(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self._web_port, path), data,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or b"null")

    def summary(self):
        """Lines that close a session that went right; the charge point is switched off for them."""
        self.children[1].stop()
        deadline = time.monotonic() + 30
        while not self.record.disconnected and time.monotonic() < deadline:
            self._take_events()
        started, stopped = self.record.started, self.record.stopped
        values = self.record.meter_values
        return ["",
                "transaction %d of %s was billed with %d Wh"
                % (started["transactionId"], started["idTag"], self.record.energy),
                "meterStart %d Wh at %s, meterStop %d Wh at %s, which is what the meter shows"
                % (started["meterStart"], started["timestamp"], stopped["meterStop"], stopped["timestamp"]),
                "%d OCPP messages were exchanged, %d were MeterValues; it all took %.0f s"
                % (self.record.messages, values, self.screen.elapsed())]

    def close(self):
        """End both processes, whatever happens meanwhile."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self.children):
            child.stop()


def _terminate(number, frame):
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description="One charging session with a simulated car.")
    parser.add_argument("--host-build", type=Path, default=HOST_BUILD, help="the firmware's folder")
    parser.add_argument("--meter-values", type=int, default=8, metavar="N", help="charge until there are N")
    demo = Demo(parser.parse_args())
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    try:
        demo.run()
        demo.screen.text(demo.summary())
    except (Failed, NotBuilt) as error:
        demo.screen.text(["", "demo failed: %s" % error])
        for child in demo.children:
            demo.screen.text(["", "last lines of %s:" % child.name] + ["  " + line for line in child.tail()])
        return 1
    except KeyboardInterrupt:
        demo.screen.text(["", "demo stopped"])
        return 130
    finally:
        demo.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
