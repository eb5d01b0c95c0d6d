"""Analog inputs."""

from machine import ADC, Pin


def analog(gpio):
    """The converter at a pin of ADC1 (GPIO 32 to 39), as the drivers take it.

    Its read_uv() is corrected by the chip's own calibration, in steps of 1 mV, and linear from 150 to 2450 mV (quick
    reference of the ESP32).
    """
    return ADC(Pin(gpio), atten=ADC.ATTN_11DB)
