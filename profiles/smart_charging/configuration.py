"""The configuration keys of the SmartCharging profile (1.6 9.4)."""


def declarations(evses):
    """The keys for a charge point with `evses` (9.4). ConnectorSwitch3to1PhaseSupported is there, and true, only where
    each connector with three phases can charge with one of them (9, 9.4.4)."""
    switches = [evse.switchable for evse in evses if evse.installed_phases == 3]
    switching = ("ConnectorSwitch3to1PhaseSupported", "R", "b", "true", _is_true)
    return ((switching,) if switches and all(switches) else ()) + (
        ("ChargeProfileMaxStackLevel", "R", "i", "20", (20, 20)),
        ("ChargingScheduleAllowedChargingRateUnit", "R", "l", "Current,Power", "Current Power".split()),
        ("ChargingScheduleMaxPeriods", "R", "i", "24", (24, 24)),
        ("MaxChargingProfilesInstalled", "R", "i", "20", (20, 20)),
    )


def _is_true(text):
    return text.lower() == "true"
