"""The configuration keys of the Core profile, as data (1.6 9.1 with E 3.76 - 3.91)."""

from profiles.core.measurand_names import MAX_STOP_VALUES, MEASURANDS, OFFERED

_SECONDS = (0, 86400)
_ROTATIONS = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")


def _rotation_check(count):
    """The check of ConnectorPhaseRotation for `count` connectors: "0.RST, 1.RST", each at most once (9.1.7)."""

    def check(text):
        left = ["%d" % number for number in range(count + 1)]
        for member in text.split(","):
            number, _, rotation = member.strip().partition(".")
            if number not in left or rotation not in _ROTATIONS:
                return False
            left.remove(number)
        return True

    return check


def declarations(evses):
    """The declarations for a charge point with `evses` (see ocpp/keys/key_values.py)."""
    return _session_keys(evses) + _meter_keys(evses) + _board_keys(evses)


def _figure(name, value):
    """A key that shows what this charge point can do, and that nobody can change."""
    return (name, "R", "i", str(value), (value, value))


def _session_keys(evses):
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
        # A fixed cable cannot be unlocked: always false, whatever the owner or an older configuration says (E 3.85).
        ("UnlockConnectorOnEVSideDisconnect", "RW", "b", "true", None)
        if any([evse.socket for evse in evses])
        else ("UnlockConnectorOnEVSideDisconnect", "R", "b", "false", _is_false),
    )


def _is_false(text):
    return text.lower() == "false"


def _measured(evses):
    """The default of MeterValuesSampledData, a text: the useful ones among the measurands of the meters of `evses`."""
    meters = [evse.devices.meter for evse in evses]
    energy, power, current, voltage = MEASURANDS[:4]
    names = [energy, power] if any([meter.measures for meter in meters]) else []
    if any([meter.currents and not meter.estimates for meter in meters]):
        names.append(current)
    names.append(OFFERED)
    if any([meter.voltages for meter in meters]):
        names.append(voltage)
    return ",".join(names)


def _meter_keys(evses):
    keys = (
        ("ClockAlignedDataInterval", "RW", "i", "0", _SECONDS),
        ("MeterValueSampleInterval", "RW", "i", "60", _SECONDS),
        _figure("StopTransactionMaxMeterValues", MAX_STOP_VALUES),
    )  # type: tuple
    defaults = (
        ("MeterValuesAlignedData", MEASURANDS[0]),
        ("MeterValuesSampledData", _measured(evses)),
        ("StopTxnAlignedData", ""),
        ("StopTxnSampledData", ""),
    )
    for name, default in defaults:
        keys += (
            (name, "RW", "l", default, MEASURANDS),
            _figure(name + "MaxLength", len(MEASURANDS)),
        )
    return keys


def _board_keys(evses):
    count = len(evses)
    rotation = ["%d.%s" % (e.number, "NotApplicable" if e.phases == 1 else "Unknown") for e in evses]
    return (
        ("ConnectorPhaseRotation", "RW", "l", ",".join(rotation), _rotation_check(count)),
        _figure("ConnectorPhaseRotationMaxLength", count + 1),
        ("GetConfigurationMaxKeys", "R", "i", "60", (1, 60)),
        _figure("NumberOfConnectors", count),
        ("ResetRetries", "RW", "i", "3", (0, 10)),
    )
