"""The configuration keys of the Core profile, as data (1.6 9.1 with E 3.76 - 3.91)."""

_SECONDS = (0, 86400)
MEASURANDS = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Frequency",
    "Current.Offered",
    "Power.Offered",
    "Temperature",
)


def declarations(evses):
    """The declarations for a charge point with `evses` (see ocpp/keys.py)."""
    count = len(evses)
    return (
        ("AuthorizeRemoteTxRequests", "RW", "b", "true", None),
        ("ConnectionTimeOut", "RW", "i", "60", _SECONDS),
        ("GetConfigurationMaxKeys", "R", "i", "50", (1, 100)),
        ("MeterValuesSampledData", "RW", "l", "Energy.Active.Import.Register,Power.Active.Import", MEASURANDS),
        ("MeterValueSampleInterval", "RW", "i", "60", _SECONDS),
        ("MinimumStatusDuration", "RW", "i", "0", _SECONDS),
        ("NumberOfConnectors", "R", "i", str(count), (count, count)),
        ("ResetRetries", "RW", "i", "3", (0, 10)),
        ("StopTransactionOnEVSideDisconnect", "R", "b", "true", None),
        ("StopTransactionOnInvalidId", "RW", "b", "true", None),
    )
