"""What the demo has seen of the session, and what of it is missing."""

_WANTED = ["Available", "Preparing", "Charging", "Finishing", "Available"]
_PASSING = ("SuspendedEV", "SuspendedEVSE")


class Record:
    """Fed with the events of the central system (csms.py --json); energies in Wh."""

    def __init__(self):
        self.port = None
        self.booted = False
        self.authorized = None
        self.statuses = []
        self.started = None
        self.stopped = None
        self.meter_values = 0
        self.messages = 0
        self.disconnected = False
        self.problems = []

    def feed(self, event):
        """Take in one event."""
        self.messages = event.get("messages", self.messages)
        kind, action = event["event"], event.get("action")
        if kind == "listening":
            self.port = event["port"]
        elif kind == "problem":
            self.problems.append(event["text"])
        elif kind == "disconnected":
            self.disconnected = True
        elif kind == "call":
            self._call(action, event, event["payload"])

    def _call(self, action, event, payload):
        if action == "BootNotification":
            self.booted = True
        elif action == "Authorize":
            self.authorized = event["answer"]
        elif action == "StatusNotification" and payload["connectorId"] == 1:
            self.statuses.append(payload["status"])
        elif action == "StartTransaction":
            self.started = payload | {"transactionId": event["transactionId"]}
        elif action == "MeterValues" and "transactionId" in payload:
            self.meter_values += 1
        elif action == "StopTransaction":
            self.stopped = payload | {"answer": event["answer"]}

    @property
    def status(self):
        """The last status of connector 1, or None."""
        return self.statuses[-1] if self.statuses else None

    @property
    def energy(self):
        """Wh of the transaction, or None while it has not stopped."""
        if self.started is None or self.stopped is None:
            return None
        return self.stopped["meterStop"] - self.started["meterStart"]

    def path(self):
        """The statuses of connector 1 without repetitions; suspended is a moment on the way only."""
        path = []
        for status in self.statuses:
            if status not in _PASSING and status not in path[-1:]:
                path.append(status)
        return path

    def missing(self, energy_wh, queued):
        """List of what is wrong with a finished session; energy_wh and queued as /api/status shows them."""
        wrong = list(self.problems)
        if self.path() != _WANTED:
            wrong.append("the statuses went %s, not %s"
                         % (", ".join(self.path()) or "nowhere", ", ".join(_WANTED)))
        if self.started is None or self.stopped is None:
            return wrong + ["there is no %sTransaction" % ("Stop" if self.started else "Start")]
        if self.stopped["answer"] != "Accepted":
            wrong.append("StopTransaction was answered with %s" % self.stopped["answer"])
        if self.stopped["transactionId"] != self.started["transactionId"]:
            wrong.append("transaction %d was stopped, %d was started"
                         % (self.stopped["transactionId"], self.started["transactionId"]))
        if self.energy <= 0:
            wrong.append("no energy: meterStart %d Wh, meterStop %d Wh"
                         % (self.started["meterStart"], self.stopped["meterStop"]))
        if self.stopped["meterStop"] != energy_wh:
            wrong.append("meterStop is %d Wh, the meter shows %s Wh"
                         % (self.stopped["meterStop"], energy_wh))
        if self.meter_values == 0:
            wrong.append("there were no MeterValues of the transaction")
        if queued:
            wrong.append("%d messages are still queued at the charge point" % queued)
        return wrong
