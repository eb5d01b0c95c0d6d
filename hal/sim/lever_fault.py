"""The lever of the faults as OCPP 1.6 (7.6) names them."""

from hal.sim.lever import check, require

# errorCode: what brings it about, attribute:value
_CAUSES = (
    "GroundFailure:leak:30 HighTemperature:ambient:90 EVCommunicationError:line:1 PowerMeterFailure:wire:1 "
    "OverVoltage:voltages:2700 UnderVoltage:voltages:1800 PowerSwitchFailure:contact:1 "
    "ConnectorLockFailure:jammed:1"
).split()
# Those that no device can show at any time but the board's own report.
_REPORTED = (
    "ConnectorLockFailure InternalError LocalListConflict OtherError OverCurrentFailure ReaderFailure "
    "ResetFailure WeakSignal"
).split()


def pull(connector, values):
    """{"errorCode": what is to happen, instead of all that is broken; None mends that and is the owner's reset too}."""
    check(values, "errorCode")
    code = values["errorCode"]
    code = None if code == "NoError" else code
    causes = [cause.split(":") for cause in _CAUSES]
    known = code is None or code in _REPORTED or code in [cause[0] for cause in causes]
    require(known, "%s is not an errorCode of OCPP 1.6", code)
    connector.count()
    _mend(connector)
    for error, name, value in causes:
        if error == code:
            _break(connector, name, int(value))
    connector.fault = code if code in _REPORTED else None
    connector.reset = connector.reset or code is None


def _mend(connector):
    connector.line = connector.contact = connector.wire = connector.jammed = connector.dead = connector.lost = 0
    connector.leak = connector.noise = 0
    connector.ambient = 25
    connector.voltages = [2300] * connector.phases


def _break(connector, name, value):
    if name == "voltages":
        value = [value] * connector.phases
    elif name == "contact":
        value += connector.weld()  # a closed contactor opens, an open one welds
    setattr(connector, name, value)
