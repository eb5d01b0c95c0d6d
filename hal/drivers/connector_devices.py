"""What belongs to one connector."""


class ConnectorDevices:
    """The devices of a connector by their names: `pilot`, `proximity`, `residual`, `temperature`, `contactor`, `lock`,
    `meter`, and `report` with what the board itself tells. It stands in for what is not fitted."""

    def __init__(self):
        self.pilot = self.contactor = self.meter = None
        self.proximity = self.lock = None
        self.residual = self.temperature = self.report = self
        self.prove = None  # of `residual`
        self.error = None  # of `report`: an errorCode (1.6 7.6) or None
        self.reset = False  # of `report`: the owner asks for it
        self.self_test_result = ""

    def tripped(self):
        """No monitor of residual currents that could tell."""
        return False

    def celsius(self):
        """No sensor that could get hot."""
        return 0
