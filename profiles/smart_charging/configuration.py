"""The configuration keys of the Smart Charging profile, as data (1.6 9.4). ConnectorSwitch3to1PhaseSupported is not
there, for phases are not switched (9)."""

from micropython import const

MAX_LEVEL = const(20)
MAX_PERIODS = const(24)
MAX_INSTALLED = const(20)


def declarations():
    return (
        ("ChargeProfileMaxStackLevel", "R", "i", str(MAX_LEVEL), (MAX_LEVEL, MAX_LEVEL)),
        ("ChargingScheduleAllowedChargingRateUnit", "R", "l", "Current,Power", ("Current", "Power")),
        ("ChargingScheduleMaxPeriods", "R", "i", str(MAX_PERIODS), (MAX_PERIODS, MAX_PERIODS)),
        ("MaxChargingProfilesInstalled", "R", "i", str(MAX_INSTALLED), (MAX_INSTALLED, MAX_INSTALLED)),
    )
