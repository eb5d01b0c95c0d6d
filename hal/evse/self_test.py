"""The power-on self-test of a connector, needed once: nothing is offered and nothing closes before it has ended."""

from time import ticks_diff

from micropython import const

_LONGEST_MS = const(2100)  # a meter may take 2 s; then it is a fault
_SETTLED_MS = const(600)  # a contactor that is closed after 500 is a fault
_MINUS_MS = const(150)  # peak detectors have forgotten what was before
_HIGHEST_MV = const(13500)
_PARTS = ("contactor", "residual", "pilot", "proximity", "meter")
_UNTESTED = const(0)  # as in faults.py
_GENERATOR = const(3)


class SelfTest:
    """`evse.self_test = SelfTest(evse)` before its first tick; that steps it, and drops it when it has ended.

    The result is in `evse.devices.self_test_result` then, for example
    "contactor=ok residual=none pilot=failed proximity=ok meter=ok"; "none" is what is not fitted or cannot be measured.
    What failed has become a fault of `evse`, but for a cable that is refused, which is a limit of 0 A. `polled`: the
    tasks that poll the meter run; its time counts from then on.
    """

    def __init__(self, evse):
        self._evse = evse
        self.polled = True
        self._since = self._polled_since = self._minus = None
        self._results = {}

    def step(self, now):
        """One step at `now` (ticks_ms), after the pilot was read; True when the test has ended."""
        if self._since is None:
            self._since = now
        if not self.polled or self._polled_since is None:
            self._polled_since = now
        results = self._results
        for part in _PARTS:
            if part not in results:
                passed = ticks_diff(now, self._polled_since if part == "meter" else self._since)
                result = getattr(self, part)(now, passed)
                if result or passed >= _LONGEST_MS:
                    results[part] = result or "failed"
        if len(results) < len(_PARTS):
            return False
        self._evse.devices.self_test_result = " ".join(["%s=%s" % (part, results[part]) for part in _PARTS])
        return True

    # Each part by its name: its result, or None as long as it is not known.

    def contactor(self, now, passed):
        closed = self._evse.devices.contactor.closed
        if not closed:
            return "none" if closed is None else "ok"
        return "failed" if passed >= _SETTLED_MS else None

    def residual(self, now, passed):
        evse = self._evse
        prove = evse.devices.residual.prove
        if not prove:
            return "none"
        proven = prove(now)
        if proven is False:
            evse.faults.fail(_UNTESTED)
        elif proven is None:
            if passed >= _LONGEST_MS:
                evse.proven = None  # evse ends what has begun
            return None
        return "ok" if proven else "failed"

    def pilot(self, now, passed):
        evse = self._evse
        if evse.level is None:
            return None
        high = evse.devices.pilot.read()
        if self._minus is None:
            if high > _HIGHEST_MV or evse.level in "EF":
                if passed >= _SETTLED_MS and evse.level != "E":
                    evse.faults.fail(_GENERATOR)
                return "failed" if passed >= _SETTLED_MS else None
            if evse.level != "A":
                return "ok"  # a car is there, for which -12 V would be a fault
            self._minus = now
            self._drive(0)
            return None
        if ticks_diff(now, self._minus) < _MINUS_MS:
            return None
        self._drive(10000)
        if high <= evse.bounds[5]:
            return "ok"
        evse.faults.fail(_GENERATOR)
        return "failed"

    def _drive(self, duty):
        self._evse.devices.pilot.set_duty(duty)
        self._evse.duty = duty  # at 0 evse does not look at the pilot

    def proximity(self, now, passed):
        evse = self._evse
        if not evse.socket:
            return "none"
        return "failed" if evse.devices.proximity.deciamps() == 0 else "ok"

    def meter(self, now, passed):
        return "ok" if self._evse.devices.meter.ok else None
