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
    """The declarations for a charge point with `evses` (see ocpp/key_values.py)."""
    return _session_keys(evses) + _meter_keys() + _board_keys(evses)


def _session_keys(evses):
    sockets = any([evse.socket for evse in evses])
    return (
        ("AllowOfflineTxForUnknownId", "RW", "b", "false", None),
        ("AuthorizationCacheEnabled", "RW", "b", "true", None),
        ("AuthorizeRemoteTxRequests", "RW", "b", "true", None),
        ("ConnectionTimeOut", "RW", "i", "60", _SECONDS),
        ("LocalAuthorizeOffline", "RW", "b", "true", None),
        ("LocalPreAuthorize", "RW", "b", "false", None),
        ("MaxEnergyOnInvalidId", "RW", "i", "0", (0, 1000000)),
        ("MinimumStatusDuration", "RW", "i", "0", _SECONDS),
        ("StopTransactionOnEVSideDisconnect", "RW", "b", "true", None),
        ("StopTransactionOnInvalidId", "RW", "b", "true", None),
        # A fixed cable cannot be unlocked (E 3.85).
        ("UnlockConnectorOnEVSideDisconnect", "RW" if sockets else "R", "b", "true" if sockets else "false", None),
    )


def _meter_keys():
    keys = (
        ("ClockAlignedDataInterval", "RW", "i", "0", _SECONDS),
        ("MeterValueSampleInterval", "RW", "i", "60", _SECONDS),
        ("StopTransactionMaxMeterValues", "R", "i", str(MAX_STOP_VALUES), _ANY),
    )
    for name in ("MeterValuesAlignedData", "MeterValuesSampledData", "StopTxnAlignedData", "StopTxnSampledData"):
        default = MEASURANDS[0] if name[0] == "M" else ""
        keys += (
            (name, "RW", "l", default, MEASURANDS),
            (name + "MaxLength", "R", "i", str(len(MEASURANDS)), _ANY),
        )
    return keys


def _board_keys(evses):
    count = len(evses)
    rotation = ["%d.%s" % (e.number, "NotApplicable" if e.phases == 1 else "Unknown") for e in evses]
    return (
        ("ConnectorPhaseRotation", "RW", "l", ",".join(rotation), _rotation_check(count)),
        ("ConnectorPhaseRotationMaxLength", "R", "i", str(count + 1), _ANY),
        ("GetConfigurationMaxKeys", "R", "i", "60", _ANY),
        ("NumberOfConnectors", "R", "i", str(count), (count, count)),
        ("ResetRetries", "RW", "i", "3", (0, 10)),
    )
