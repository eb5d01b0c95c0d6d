"""The configuration keys of the Core profile, as data (1.6 9.1 with E 3.76 - 3.91)."""

from micropython import const

_SECONDS = (0, 86400)
_ANY = (0, 1000)
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


_LIST_LENGTH = str(len(MEASURANDS))
_ROTATIONS = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
MAX_STOP_VALUES = const(20)


def _rotation_check(count):
    """The check of ConnectorPhaseRotation for `count` connectors: "0.RST, 1.RST" (9.1.7)."""

    def check(text):
        for member in text.split(","):
            number, _, rotation = member.strip().partition(".")
            if not number.isdigit() or int(number) > count or rotation not in _ROTATIONS:
                return False
        return True

    return check


def declarations(evses):
    """The declarations for a charge point with `evses` (see ocpp/keys.py)."""
    count = len(evses)
    one_phase = [evse.phases == 1 for evse in evses]
    rotation = ",".join(
        "%d.%s" % (number + 1, "NotApplicable" if one_phase[number] else "Unknown") for number in range(count)
    )
    sockets = any(evse.socket for evse in evses)
    lists = ("MeterValuesAlignedData", "MeterValuesSampledData", "StopTxnAlignedData", "StopTxnSampledData")
    return (
        ("AllowOfflineTxForUnknownId", "RW", "b", "false", None),
        ("AuthorizationCacheEnabled", "RW", "b", "true", None),
        ("AuthorizeRemoteTxRequests", "RW", "b", "true", None),
        ("ClockAlignedDataInterval", "RW", "i", "0", _SECONDS),
        ("ConnectionTimeOut", "RW", "i", "60", _SECONDS),
        ("ConnectorPhaseRotation", "RW", "l", rotation, _rotation_check(count)),
        ("ConnectorPhaseRotationMaxLength", "R", "i", str(count + 1), _ANY),
        ("GetConfigurationMaxKeys", "R", "i", "60", _ANY),
        ("LocalAuthorizeOffline", "RW", "b", "true", None),
        ("LocalPreAuthorize", "RW", "b", "false", None),
        ("MaxEnergyOnInvalidId", "RW", "i", "0", (0, 1000000)),
        ("MeterValueSampleInterval", "RW", "i", "60", _SECONDS),
        ("MinimumStatusDuration", "RW", "i", "0", _SECONDS),
        ("NumberOfConnectors", "R", "i", str(count), (count, count)),
        ("ResetRetries", "RW", "i", "3", (0, 10)),
        ("StopTransactionMaxMeterValues", "R", "i", str(MAX_STOP_VALUES), _ANY),
        ("StopTransactionOnEVSideDisconnect", "RW", "b", "true", None),
        ("StopTransactionOnInvalidId", "RW", "b", "true", None),
        ("UnlockConnectorOnEVSideDisconnect", "RW" if sockets else "R", "b", "true" if sockets else "false", None),
    ) + tuple(
        declaration
        for name in lists
        for declaration in (
            (name, "RW", "l", "Energy.Active.Import.Register" if "Meter" in name else "", MEASURANDS),
            (name + "MaxLength", "R", "i", _LIST_LENGTH, _ANY),
        )
    )
