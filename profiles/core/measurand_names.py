"""The names of measurands, for the configuration and for the metering."""

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
OFFERED = MEASURANDS[5]
MAX_STOP_VALUES = 20  # samples in transactionData, see StopTransactionMaxMeterValues (E 3.91)
