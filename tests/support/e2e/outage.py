"""Sessions while the central system cannot be reached, and everything reported afterwards."""

import time

from billing_ledger import RANGE, START, STOP, VALUES, Ledger
from ocpp_schemas import parse_time

KEYS = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "1", "MessageTimeout": "5"}


class Outage:
    """A charge point at whose connectors sessions follow each other while it is offline."""

    def __init__(self, csms, firmware, connectors):
        self.csms, self.firmware, self.connectors = csms, firmware, connectors
        self.cards = []
        self._times = {}  # idTag -> when its session began and ended, by the central system's clock

    def start(self):
        """Online, with one session at each connector already over; the heap that is free then."""
        self.firmware.start(connectors=self.connectors, ocpp=KEYS, csms={"backoff_s": [1, 1]})
        self.csms.expect_boot(self.connectors)
        for number in range(1, self.connectors + 1):
            self.firmware.meter(number * RANGE, number)
        self.sessions(self.connectors)
        self._told()
        return self.free_heap()

    def cut(self):
        self.csms.server.stop_listening()
        self.csms.drop()

    def restore(self):
        """All that is queued has been reported when this returns; seconds and messages that took."""
        queued, began = self.firmware.status()["csms"]["queued"], time.monotonic()
        self.csms.server.listen()
        self._told(60)
        return time.monotonic() - began, queued

    def sessions(self, count, seconds=0):
        """`count` sessions, at all connectors side by side, in each of which energy flows for `seconds`."""
        for first in range(0, count, self.connectors):
            numbers = range(1, min(self.connectors, count - first) + 1)
            cards = {number: f"S{len(self.cards) + number}" for number in numbers}
            self.cards += cards.values()
            began = self.csms.now()
            for number, card in cards.items():
                self.firmware.plug(number)
                self.firmware.ev("C", number)
                self.firmware.rfid(card, number)
            for number in numbers:
                self.firmware.wait_for("energy", lambda state: state["contactor"], number)
            time.sleep(seconds)
            for number, card in cards.items():
                self.firmware.rfid(card, number)
            for number in numbers:
                self.firmware.wait_for("end", lambda state: state["status"] == "Finishing", number)
                self.firmware.unplug(number)
            for number in numbers:
                self.firmware.wait_status(number, "Available")
            self._times.update(dict.fromkeys(cards.values(), (began, self.csms.now())))

    def free_heap(self):
        """Bytes free after a garbage collection: the most of some seconds."""
        most = 0
        for _ in range(20):
            most = max(most, self.firmware.status()["heap_free"])
            time.sleep(0.1)
        return most

    def judge(self):
        """Every session is reported, once, in order, and as of the time when it happened."""
        ledger = Ledger(self.csms, self.connectors, timeout=5, attempts=3)
        assert not ledger.faults, "\n".join(ledger.faults)
        assert len(ledger.entries) == len([c for c in self.csms.calls if c.action in (START, VALUES, STOP)])
        assert sorted(session.start["idTag"] for session in ledger.sessions) == sorted(self.cards)
        for session in ledger.sessions:
            began, ended = self._times[session.start["idTag"]]
            for timestamp in (session.start["timestamp"], session.stop["timestamp"]):
                late = (parse_time(timestamp) - began).total_seconds()
                assert -2 < late < (ended - began).total_seconds() + 2, (timestamp, began, ended)
        return ledger

    def _told(self, timeout=20):
        self.firmware.wait("connection", lambda: self.csms.connected, timeout)
        self.firmware.wait("empty queue", lambda: self.firmware.status()["csms"]["queued"] == 0, timeout)
