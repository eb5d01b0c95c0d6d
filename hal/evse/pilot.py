"""The control pilot of IEC 61851-1 as pure functions: millivolts to state, amperes to duty cycle and back."""

from micropython import const

_HYSTERESIS = const(250)

# mV. Half way between the nominal +12, +9, +6, +3 and 0 V of A to E; what is lower can only be F's -12 V. The last is
# the most that the negative half wave may show behind a car's diode. A calibrated board has its own.
BOUNDS = (10500, 7500, 4500, 1500, -1500, -10000)


def state_of(millivolts, previous=None, bounds=BOUNDS):
    """The state "A".."F" that the pilot's high level shows; leaves `previous` only 250 mV past the bound."""
    last = -1 if previous is None else ord(previous) - 65
    for index in range(5):
        bound = bounds[index]
        if last >= 0:
            bound += _HYSTERESIS if last > index else -_HYSTERESIS
        if millivolts > bound:
            return "ABCDE"[index]
    return "F"


def settle_ms(state, level):
    """How long `level` must show before it replaces `state`, in ms.

    Out of C and D it leaves the contactor its time within the 100 ms of IEC 61851-1 table A.6; else into C and D,
    and into a pilot fault, 500 ms; between the others 250 ms.
    """
    return 60 if state in "CD" else 500 if level in "CDEF" else 250


def duty_permyriad(deciamps):
    """Duty cycle in 1/100 % that offers `deciamps` (1/10 A), rounded down and capped at 80 A.

    Less than 6 A cannot be offered and gives 10000, the steady +12 V. Nothing above 51 and up to 52.5 A can
    be expressed (IEC 61851-1 table A.8): that becomes 51 A.
    """
    if deciamps < 60:
        return 10000
    if deciamps < 525:
        return min(8500, deciamps * 50 // 3)
    return min(9600, 6400 + 4 * deciamps)


def deciamps_of(duty):
    """What a vehicle may draw at `duty` (1/100 %), in 1/10 A; 0 where the pilot allows no charging."""
    if not 800 <= duty <= 9700:
        return 0
    if duty <= 8500:
        return max(60, (duty * 6 + 50) // 100)
    return min(800, (duty - 6400) // 4)
