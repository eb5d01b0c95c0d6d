"""One run on the emulated board: its page, the central system, and the figures."""

import threading

from chip_board import HERE, PAGE_PASSWORD, PAGE_PORT, SSID
from chip_central import ID, RESULT, Lost
from chip_clock import Stalled, answer_time
from chip_heaps import Lateness, heap_of_status, spread
from chip_powered import PoweredBoard

PATIENCE_S = 900  # of this machine's time, which may pass ten times as fast as the chip's
_ANSWER_S = 30
_NOTICED_MS = 400
_TIMES = 3


def default_config(central, **sections):
    """config.json of a board with a Modbus meter that knows the central system; `sections` are added or put in
    place. What the emulator cannot do is not fitted, or simulated by chip_equipment.py."""
    config = {
        "charge_point": {"id": ID},
        "csms": {"url": "%s://%s:%d" % (central.scheme, HERE, central.port), "backoff_s": [1, 5]},
        "network": {"wifi": [{"ssid": SSID, "password": ""}]},
        "board": {"type": "esp32-devkitc-v4", "pins": {"weld": -1}},
        "connectors": [{"cable": "tethered", "residual": False, "temperature": "ntc",
                        "meter": {"type": "modbus", "model": "sdm630"}}],
        "web": {"host": "0.0.0.0", "port": PAGE_PORT, "password": PAGE_PASSWORD},
        "ocpp": {"MeterValueSampleInterval": "10"},
    }
    return {**config, **sections}


class Failed(Exception):
    """The run cannot go on; args[0] says why."""


class Trial(PoweredBoard):
    """Use with `with`. `lateness` of the tick, as the page tells it."""

    def __init__(self, name, options):
        super().__init__(name, options)
        self.lateness, self.central_port = Lateness(), None
        self._page_times, self._polling, self._unanswered, self._without_room = [], None, 0, 0
        self._may_refuse = False

    def __exit__(self, *error):
        if self._polling:  # only when the run has been broken off
            stop, thread = self._polling
            stop.set()
            self.board.power_cut()  # so that no request hangs
            thread.join()
        super().__exit__(*error)

    # The page

    def look(self):
        """The status of the page, or None when it does not answer."""
        begin = len(self.board.clock.read())
        code, status = self.board.page("/api/status")
        if code != 200:
            self.say("page: %s %s", code, str(status)[:80])
        if code != 200 or not isinstance(status, dict):
            self._unanswered += 1
            self._without_room += code == 503  # what is due to the central system goes before the page
            return None
        took = answer_time(self.board.clock.read()[begin:], lambda port: port != self.central_port)
        if took is not None:
            self._page_times.append(took)
        self.heaps.add(heap_of_status(status))
        self.lateness.add(status)
        return status

    def poll(self, every_ms=1000, may_refuse=False):
        """Look at the page each second of the chip's time from now on. With `may_refuse` it may answer 503, for it has
        no memory: over TLS it gives way to the central system."""
        stop = threading.Event()
        self._may_refuse = may_refuse

        def run():
            try:
                while not stop.is_set() and self.board.running:
                    self.look()
                    self.board.clock.sleep(every_ms)
            except (Stalled, OSError):
                pass  # who waits for the board sees it too

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self._polling = stop, thread

    def stop_polling(self):
        if self._polling:
            stop, thread = self._polling
            self._polling = None
            stop.set()
            thread.join(180)
            self.say("page polled: %s; not answered %d, for want of memory %d of them",
                     spread(self._page_times), self._unanswered, self._without_room)
            lost = self._unanswered - (self._without_room if self._may_refuse else 0)
            if lost:
                self.fail("the page did not answer %d times", lost)

    def car(self, does):
        """The car is gone (A), plugged in (B), or charging (C); the radio may lose a datagram."""
        for _ in range(_TIMES):
            self.board.clock.send(does.encode())
            self.board.clock.sleep(_NOTICED_MS)

    # The central system

    def expect(self, central, action, since=0, within_s=60, **fields):
        """The payload of a message that comes within so many seconds of the chip's time; Lost, at once when the board
        has failed."""
        return central.expect(action, since, self._within(within_s), **fields)

    def _within(self, seconds):
        """A function that returns whether to wait on: for so many seconds of the chip's time, while the board is
        well."""
        clock = self.board.clock
        ends = clock.now() + seconds * 1000
        return lambda: self.healthy() and clock.now() < ends

    def start(self, central):
        """Power on, until the board is ready: it has booted and tested itself. Seconds of the chip's time until
        BootNotification."""
        self.central_port = central.port
        mark = central.mark()
        self.power_on()
        self.expect(central, "BootNotification", mark)
        booted = self.sent_ms() / 1000
        self.expect(central, "StatusNotification", mark, connectorId=1)
        return booted

    def sent_ms(self):
        """When the board last sent something to the central system."""
        return next((packet.ms for packet in reversed(self.board.clock.read())
                     if packet.peer == self.central_port and not packet.to_board), 0)

    def call(self, central, action, payload, expected=None):
        """(milliseconds of the chip's time or None, answer); a status outside `expected` is a failure. Lost."""
        begin = len(self.board.clock.read())
        kind, answer = central.call(action, payload, self._within(_ANSWER_S))
        took = answer_time(self.board.clock.read()[begin:], lambda port: port == central.port)
        told = answer.get("status") if kind == RESULT else answer[0]
        if kind != RESULT and (not expected or told not in expected) or expected and told not in expected:
            self.fail("%s was answered %s", action, answer)
        return took, answer

    def begin_session(self, central, tag="CARD"):
        """A car, the central system's wish, and current. The payload of StartTransaction."""
        mark = central.mark()
        self.car("B")
        self.call(central, "RemoteStartTransaction", {"connectorId": 1, "idTag": tag}, ["Accepted"])
        self.car("C")
        return self.expect(central, "StartTransaction", mark)

    def end_session(self, central):
        """The payload of StopTransaction; the car is gone."""
        mark = central.mark()
        self.stop_session(central)
        stopped = self.expect(central, "StopTransaction", mark)
        self.car("A")
        return stopped

    def stop_session(self, central):
        """The central system ends what runs."""
        running = central.book.running(ID)
        self.call(central, "RemoteStopTransaction", {"transactionId": running[0].id}, ["Accepted"])

    def finish(self, central=None):
        """Print the figures; the board is off afterwards."""
        self.stop_polling()
        if self.board:
            self.power_cut()
        self.say("heaps: %s", self.heaps.text())
        self.say("tick late: %s", self.lateness.text())
        if central:
            self.failures += ["billing: " + text for text in central.problems]


ENDS_RUN = (Failed, Lost, Stalled)
