"""Analog inputs."""

from machine import ADC, Pin


class Analog:
    """An input of ADC1 (GPIO 32 to 39); what it reads is linear from 150 to 2450 mV (quick reference of the ESP32)."""

    def __init__(self, gpio):
        self._adc = ADC(Pin(gpio), atten=ADC.ATTN_11DB)

    def millivolts(self):
        """One sample of the voltage at the pin, corrected by the chip's own calibration."""
        return self._adc.read_uv() // 1000
