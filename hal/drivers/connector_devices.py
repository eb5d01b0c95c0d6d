"""What belongs to one connector."""


class ConnectorDevices:
    """The devices of a connector by their names: `pilot`, `proximity`, `residual`, `temperature`, `contactor`, `lock`,
    `meter`, and `report` with what the board itself tells. It stands in for what is not fitted."""

    proximity = lock = None
    error = None  # of a report: an errorCode (1.6 7.6) or None
    reset = False  # of a report: the owner asks for it
    prove = None
    self_test_result = ""  # what the self-test has found

    def tripped(self):
        """No monitor of residual currents that could tell."""
        return False

    def celsius(self):
        """No sensor that could get hot."""
        return 0
