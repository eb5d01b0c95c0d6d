"""A connector to which anything may happen, and rules that must hold after every tick; the rules know nothing of how
hal/evse/machine.py works. An event is three small integers, so that any source of chance can make them."""

from evse_bench import VOLTS, Contactor, Devices
from evse_events import EVENTS

from hal.evse.machine import Evse
from hal.evse.self_test import SelfTest

LATCHED = ("welded", "test", "tick", "generator")
OFF_MS = 75


class Violated(AssertionError):
    """A rule was broken; its text says which."""


class WorldContactor(Contactor):
    """Keeps its last input; `stuck` keeps its contacts as they are."""

    wanted = False
    phases = 3

    def close(self):
        self.wanted = True
        super().close()

    def open(self):
        self.wanted = False
        super().open()


class WorldDevices(Devices):
    """The devices of the world; the pilot shows `high` mV, and the residual current monitor can be tested."""

    def __init__(self, world):
        self.world = world
        super().__init__(True)
        self.contactor = WorldContactor()
        self.self_test_result = None
        self.result = True
        self.broken = False
        self.tests = 0
        self.pilot.read = self.read

    def read(self):
        pilot, world = self.pilot, self.world
        if world.skips and not world.hurry and 0 < pilot.duty < 10000:
            world.skipped = not world.skipped
            if world.skipped:
                return None
        world.looked = True
        if pilot.duty == 0:
            pilot.high = pilot.low = -12000
            return pilot.high
        pilot.high = pilot.low = VOLTS[world.raw] + world.jitter
        if pilot.duty < 10000 and world.raw != "E":
            pilot.low = -12000 + world.jitter if pilot.diode else -pilot.high
        if world.blind:
            pilot.low = None
        return pilot.high

    def tripped(self):
        if self.broken:
            self.broken = False
            raise OSError("no answer")
        return self.leaking

    def prove(self, now):
        self.tests += 1
        return self.result


class Chance:
    """Small random numbers from a seed; the noise of the pilot."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self, below):
        self.state = (self.state * 69069 + 1) & 0xFFFFFF
        return (self.state >> 8) % below


class World:
    """`play(events)`; Violated says after which event a rule did not hold. `self_test`: with the power-on self-test."""

    def __init__(self, ventilated, chance, self_test=False):
        self.raw, self.jitter, self.chance = "A", 0, chance
        self.devices = WorldDevices(self)
        self.pilot, self.relay, self.lock = self.devices.pilot, self.devices.contactor, self.devices.lock
        self.evse = Evse(self.devices, 1, ventilated=ventilated)
        self.ventilated = ventilated
        self.event = self.now = self.changed_at = self.switched_at = self.offered_at = 0
        self.duty, self.level, self.noise, self.late = self.pilot.duty, "A", 0, 0
        self.asking_since = self.diode_since = None
        self.asked_at = -1000
        self.firm = self.was_wanted = self.latched = False
        self.tests = 0
        self.limits, self.slow, self.closings = {}, {}, 0
        self.shown, self.blind, self.blind_since, self.lost_since = "A", False, None, None
        self.skips = self.skipped = self.looked = self.hurry = False
        self.lit_at = self.phases_at = None
        self.wished = 3
        if self_test:
            self.evse.self_test = SelfTest(self.evse)

    def play(self, events):
        try:
            for self.event, (kind, value, ticks) in enumerate(events):
                EVENTS[kind % len(EVENTS)](self, value)
                self.run(ticks % 13)
        except Violated as error:
            raise Violated("%s, at %d ms, in event %d of %s" % (error, self.now, self.event, list(events)))

    def run(self, count, milliseconds=20):
        for _ in range(count):
            self.tick(milliseconds)

    def tick(self, milliseconds):
        self.now += milliseconds + self.late
        self.hurry = milliseconds + self.late > 30
        self.late = 0
        self.looked = False
        self.raw = self.level
        if self.noise:
            self.noise -= 1
            self.raw = "ABCDEF"[self.chance(6)]
        offered, phases, closed = self.evse.pwm_on, self.relay.phases, self.relay.closed
        crashed = False
        resetting = self.devices.report.reset
        try:
            self.evse.tick(self.now)
        except OSError:
            crashed = True
            self.evse.crashed()
        self._see(offered, crashed)
        self._check_change(offered)
        self._check_contactor(crashed)
        self._check_offer(crashed)
        self._require(phases == self.relay.phases or not closed, "phases changed under voltage")
        self._check_phases(offered, phases)
        self._require(self.evse.contactor_closed == self.relay.closed or crashed, "contactor_closed is wrong")
        latched = bool(self.evse.fault) and self.evse.fault[1] in LATCHED
        self._require(latched or resetting or not self.latched, "a latched fault ended")
        self.latched = latched

    def _require(self, good, text):
        if not good:
            raise Violated(text)

    # What could be seen at this tick

    def _see(self, offered, crashed):
        now = self.now
        if self.looked:
            self.shown = self.raw if self.pilot.high > -11000 or self.raw == "F" else "-"
        if self.duty == 0:
            self.shown = "-"
        if self.shown not in "CD":
            self.asking_since = None
            self.firm = self.firm and now - self.asked_at < OFF_MS
        elif self.looked:
            if self.asking_since is None:
                self.asking_since = now
            self.asked_at = now
            self.firm = self.firm or now - self.asking_since >= 500
        # A car without a diode, or a short: the negative half wave is missing while it should be there.
        low, devices = self.pilot.low, self.devices
        missing = offered and self.evse.level in "BCD" and not (low is not None and low <= -10000)
        self.diode_since = self._since(missing and low is not None, self.diode_since)
        self.blind_since = self._since(missing, self.blind_since)
        self.lost_since = self._since(devices.degrees is None and not crashed, self.lost_since)
        for name, there in (("heat", (devices.degrees or 0) >= 75),
                            ("report", devices.report.error == "OtherError"),
                            ("half", (devices.degrees or 0) >= 65), ("quarter", (devices.degrees or 0) >= 70)):
            # A tick that failed has not come to look at it.
            self.slow[name] = self.slow.get(name, 0) + (not crashed) if there else 0

    def _since(self, there, since):
        return (self.now if since is None else since) if there else None

    def _smallest(self):
        limits = [320] + [value for value in self.limits.values() if value is not None]
        if self.evse.plugged:
            limits.append(self.devices.cable or 0)
        for name, limit in (("half", 160), ("quarter", 80)):
            if self.slow[name]:
                limits.append(limit)
        return min(limits)

    # The rules

    def _check_change(self, offered):
        duty = self.pilot.duty
        if duty != self.duty:
            hurried = duty not in (0, 10000) and self.duty not in (0, 10000) and self.now - self.changed_at < 5000
            self._require(not hurried, "two offers within 5 s")
            self.duty, self.changed_at = duty, self.now
        if self.evse.pwm_on and not offered:
            self.offered_at = self.now

    def _check_phases(self, offered, before):
        """The phases change only without PWM, for one car a minute after it and not twice in five minutes."""
        evse, now, require = self.evse, self.now, self._require
        require(self.relay.phases <= self.wished or not evse.pwm_on, "more phases than wished")
        if evse.level == "A":
            self.phases_at = None
        if self.relay.phases != before:
            require(not offered and not self.relay.closed, "phases changed with the pilot on")
            if evse.level != "A":
                require(self.lit_at is None or now - self.lit_at >= 60000, "phases changed within a minute of an offer")
                require(self.phases_at is None or now - self.phases_at >= 300000, "phases changed twice in 5 minutes")
                self.phases_at = now
        if evse.pwm_on:
            self.lit_at = now

    def _check_contactor(self, crashed):
        evse, relay, require = self.evse, self.relay, self._require
        wanted = relay.wanted
        if wanted != self.was_wanted:
            if wanted:
                self.closings += 1
                require(self.firm, "closed without 500 ms of steady C or D")
                require(self.shown in "CD", "closed while the pilot shows another state")
                require(self.pilot.low is not None and self.pilot.low <= -10000, "closed without a diode")
                require(self.devices.result is True and self.devices.tests > self.tests,
                        "closed without the test of the monitor")
                require(self.evse.self_test is None, "closed before the self-test has ended")
                require(self.now - self.offered_at >= 100, "closed before the PWM was seen")
                require(self.now - self.switched_at >= 1000, "closed without a rest")
                require(evse.pwm_on, "closed without an offer")
            self.was_wanted, self.switched_at = wanted, self.now
            self.tests = self.devices.tests
        if not wanted:
            return
        require(not crashed, "closed though a tick failed")
        require(evse.fault is None, "closed in a fault")
        require(not self.devices.leaking, "closed in spite of a residual current")
        require(self.lock.engaged, "closed on an open lock")
        require(self.devices.cable, "closed without a cable")
        require(self.now - self.asked_at < OFF_MS, "closed without C or D")
        require(evse.level == "C" or evse.level == "D" and self.ventilated, "closed in " + evse.state)
        require(self.diode_since is None or self.now - self.diode_since < OFF_MS, "closed in spite of the diode")
        require(self.blind_since is None or self.now - self.blind_since < 500, "closed on an unknown diode")
        require(self.lost_since is None or self.now - self.lost_since < 2000, "closed without a temperature")
        require(not self.slow["heat"] and not self.slow["report"], "closed in spite of heat or report")
        if evse.pwm_on:
            require(evse.state in ("C2", "D2") and evse.permitted and evse.limit >= 60, "closed without permission")
        else:
            currents = self.devices.meter.currents
            require(evse.state in ("C1", "D1") and self.now - self.changed_at <= 6000, "closed 6 s after the offer")
            require(not currents or max(currents) >= 10 or not self.devices.meter.ok, "closed without current")

    def _check_offer(self, crashed):
        evse, duty, require = self.evse, self.pilot.duty, self._require
        smallest = self._smallest()
        require(evse.limit <= smallest or crashed, "limit %d is above %d" % (evse.limit, smallest))
        testing = evse.self_test is not None
        require(not evse.pwm_on or self.lock.engaged or crashed, "offered on an open lock")
        require(evse.pwm_on == (duty != 10000) or testing and duty == 0, "pwm_on is wrong")
        require(not (testing and evse.pwm_on), "offered before the self-test has ended")
        if crashed or evse.fault or not evse.permitted or smallest < 60 or evse.level not in "BCD":
            require(duty == 10000 or testing and duty == 0, "offered against a condition")
        if duty == 0:
            require(not self.relay.wanted and (evse.state == "B2" and not self.relay.closed
                                               or testing and evse.state == "A"), "-12 V at a wrong time")
        elif duty != 10000:
            require(1000 <= duty <= 9600, "a duty of %d" % duty)
            milliamperes = duty * 6 if duty <= 8500 else (duty - 6400) * 25
            late = self.now - self.changed_at >= 5000 or self.now == self.changed_at
            require(milliamperes <= smallest * 100 or not late, "offered %d mA above the limit" % milliamperes)
