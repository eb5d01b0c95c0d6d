"""The generator of the control pilot."""

from machine import PWM, Pin

from micropython import const

_HZ = const(1000)  # IEC 61851-1 A.2.1: within 0.5 %; set once, as only the duty cycle changes


class PilotPwm:
    """1 kHz at a GPIO; begins steadily low, which is -12 V and state F."""

    def __init__(self, gpio):
        self._pwm = PWM(Pin(gpio), freq=_HZ, duty_u16=0)

    def set_duty(self, permyriad):
        """Duty cycle in 1/100 %, rounded down: 0 = steadily low, 10000 = steadily high; from the next period on."""
        self._pwm.duty_u16(permyriad * 65535 // 10000)
