"""errorCode and detail of the faults of a connector, as OCPP names them; loaded while there is a fault."""

# errorCode (1.6 7.6; none = the last one) and detail of each fault, in the order of the constants in faults.py.
_TEXTS = (
    "GroundFailure/test "
    "PowerSwitchFailure/welded "
    "InternalError/tick "
    "/generator "
    "GroundFailure/residual "
    "PowerSwitchFailure/stays-open "
    "OverCurrentFailure/current "
    "HighTemperature/heat "
    "EVCommunicationError/pilot "
    "/diode "
    "ConnectorLockFailure/lock "
    "OtherError/ventilation "
    "/thermometer "
    "OverVoltage/grid "
    "UnderVoltage/grid "
    "PowerMeterFailure/meter"
)


def text(index):
    """(errorCode, info, vendorErrorCode) of the fault `index`."""
    code = ""
    for words in _TEXTS.split()[: index + 1]:
        first, detail = words.split("/")
        code = first or code
    return code, detail, detail
