"""The devices of one connector."""


class ConnectorDevices:
    """The devices of a connector by their names: `pilot`, `proximity`, `residual`, `temperature`, `contactor`, `lock`,
    `meter`, and `report` with what the board itself reports. The object stands in for devices that are not fitted."""

    def __init__(self):
        self.pilot = self.contactor = self.meter = None
        self.proximity = self.lock = None
        self.residual = self.temperature = self.report = self
        self.prove = None  # of `residual`
        self.error = None  # of `report`: an errorCode (1.6 7.6) or None
        self.reset = False  # of `report`: the owner asks for it
        self.self_test_result = ""

    def tripped(self):
        """Without a monitor of residual currents: never."""
        return False

    def celsius(self):
        """Without a sensor of temperature: never hot."""
        return 0
