"""Calibration of a connector's pilot at the serial console, the firmware stopped with Ctrl-C:

    >>> import hal.calibrate
    >>> hal.calibrate.show()       with nothing plugged in: the generator's levels, zero_mv and gain_permille
    >>> hal.calibrate.show("B")    with a car or its resistor and diode in this state (C, D alike): bounds half way

Each call ends with what to put into config.json as connectors[..].pilot. The contactor stays open.
"""

from time import sleep_ms, ticks_diff, ticks_us

from hal.drivers.analog import millivolts
from hal.evse.pilot import BOUNDS, state_of
from hal.drivers.peak_pilot import GAIN_PERMILLE, ZERO_MV, PeakPilot
from hal.drivers.proximity import Proximity

_PINS = {"pilot": 27, "pilot_high": 36, "pilot_low": 39, "proximity": 34}  # as in hal/esp32/pins.py
_READINGS = 32
_SETTLED_MS = 250  # of the peak detectors
_LINEAR_MV = (150, 2450)  # of the ADC
_BELOW_DIODE_MV = 2000  # the negative half wave may be that much weaker
_kept = {}  # type: dict  # from one call to the next


def show(state="A", plus_mv=12000, minus_mv=-12000, wires=None, **pins):
    """Measure and print; `state` is that of the car, "A" without one, to "D".

    `plus_mv`, `minus_mv`: the generator's levels by a voltmeter, nothing plugged in. `pins`: GPIOs that are not the
    default ones, pilot_low=-1 for sampled reading. `wires` has analog() and pwm() and stands for the pins.
    """
    if state not in ("A", "B", "C", "D"):
        raise ValueError("the state of the car is A (none), B, C or D")
    wires = _wires(wires, pins)
    high, low = wires.analog("pilot_high"), wires.analog("pilot_low")
    if not _kept:
        pwm = wires.pwm("pilot")
        _kept.update(pwm=pwm, zero_mv=ZERO_MV, gain_permille=GAIN_PERMILLE, levels={}, minus_mv=minus_mv)
    if state == "A":
        _scale(high, low or high, plus_mv, minus_mv)
    _level(state, high, low)
    _show_proximity(wires.analog("proximity"))
    print(
        '"pilot": {"reading": "%s", "zero_mv": %d, "gain_permille": %d, "bounds_mv": %s}'
        % ("peak" if low else "sampled", _kept["zero_mv"], _kept["gain_permille"], _bounds())
    )


def _wires(wires, pins):
    if not wires:
        from hal.esp32.wires import Wires

        numbers = dict(_PINS)
        numbers.update(pins)
        wires = Wires({name: number for name, number in numbers.items() if number >= 0})
    return wires


def _mean(read):
    total = 0
    for _ in range(_READINGS):
        total += read()
        sleep_ms(1)
    return (total + _READINGS // 2) // _READINGS


def _drive(duty):
    _kept["pwm"].set_duty(duty)
    sleep_ms(_SETTLED_MS)


def _scale(high, low, plus_mv, minus_mv):
    """zero_mv and gain_permille from both steady levels of the generator."""
    _drive(0)
    bottom = _mean(low.read_uv)
    _drive(10000)
    top = _mean(high.read_uv)
    print("generator at %d mV: pin %d mV; at %d mV: pin %d mV" % (plus_mv, top // 1000, minus_mv, bottom // 1000))
    if not _LINEAR_MV[0] <= bottom // 1000 < top // 1000 - 1000 <= _LINEAR_MV[1] - 1000:
        print("one of them is not where the front end puts it, between %d and %d mV: no proposal" % _LINEAR_MV)
        return
    gain = (plus_mv - minus_mv) * 1000000 // (top - bottom)
    _kept.update(zero_mv=top // 1000 - plus_mv * 1000 // gain, gain_permille=gain, minus_mv=minus_mv)


def _level(state, high, low):
    reader = _reader(high, low)
    _drive(10000)
    level = _mean(reader.read)
    _kept["levels"][state] = level
    print("steady: pin %d mV, pilot %d mV, state %s" % (millivolts(high), level, state_of(level)))
    reader.set_duty(5000)
    sleep_ms(_SETTLED_MS)
    begun = ticks_us()
    level = reader.read()
    passed = ticks_diff(ticks_us(), begun)
    print("50 %% PWM: pilot %d mV and %s mV, read in %d us" % (level, reader.low, passed))
    reader.set_duty(10000)


def _reader(high, low):
    scale = _kept["zero_mv"], _kept["gain_permille"]
    if low:
        return PeakPilot(_kept["pwm"], high, low, *scale)
    from hal.drivers.sampled_pilot import SampledPilot

    return SampledPilot(_kept["pwm"], high, *scale)


def _show_proximity(adc):
    if adc:
        rating = Proximity(adc).deciamps()
        meaning = "no cable" if rating is None else "a cable of %d A" % (rating // 10) if rating else "refused"
        print("proximity: pin %d mV, %s" % (millivolts(adc), meaning))


def _bounds():
    """Half way between the levels that were measured; else the nominal ones."""
    bounds = list(BOUNDS)
    levels = _kept["levels"]
    for index, pair in enumerate(("AB", "BC", "CD")):
        if pair[0] in levels and pair[1] in levels:
            bounds[index] = (levels[pair[0]] + levels[pair[1]]) // 2
    bounds[5] = _kept["minus_mv"] + _BELOW_DIODE_MV
    return bounds
