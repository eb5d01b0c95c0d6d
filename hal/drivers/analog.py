"""Reads the voltage at an analog pin."""


def millivolts(adc):
    """mV at `adc` (read_uv() as of machine.ADC): the middle one of three readings, for a spike is no signal."""
    first = adc.read_uv()
    second = adc.read_uv()
    third = adc.read_uv()
    return max(min(first, second), min(max(first, second), third)) // 1000
