"""The tone of a passive buzzer."""

from machine import PWM, Pin

from micropython import const

_HZ = const(2700)  # where most piezo discs are loudest; not the pilot's, so a timer of its own
_HALF = const(32768)


class Tone:
    """A GPIO that is called with 1 or 0."""

    def __init__(self, gpio):
        self._pwm = PWM(Pin(gpio), freq=_HZ, duty_u16=0)

    def __call__(self, level):
        self._pwm.duty_u16(_HALF if level else 0)
