"""The connector lock: pulses, feedback, and what is believed without."""

import time

from hal.drivers.lock import MotorLock
from hal.drivers.solenoid import SolenoidLock


class Bolt:
    """A motor that needs 250 ms for the way; `log` of (ms, a, b) whenever an output changes."""

    def __init__(self, locked=False, jammed=False):
        self.locked, self.jammed = locked, jammed
        self.level = {"a": 0, "b": 0}
        self.now = 0
        self.log = []
        self.way = 0

    def pin(self, name):
        def output(level):
            assert not (level and self.level["b" if name == "a" else "a"]), "both outputs on"
            if self.level[name] != int(level):
                self.level[name] = int(level)
                self.log.append((self.now, self.level["a"], self.level["b"]))

        return output

    def feedback(self):
        return int(self.locked)

    def run(self, lock, milliseconds):
        for _ in range(milliseconds // 20):
            self.now += 20
            lock.poll(time.ticks_add(self.now, -100))  # the ticks wrap on the way
            self.way = self.way + 20 if self.level["a"] or self.level["b"] else 0
            if self.way >= 250 and not self.jammed:
                self.locked = self.level["a"] == 1


def motor(feedback=True, **options):
    bolt = Bolt(**options)
    return bolt, MotorLock(bolt.pin("a"), bolt.pin("b"), bolt.feedback if feedback else None)


def test_a_pulse_moves_it_and_ends():
    bolt, lock = motor()
    bolt.run(lock, 1000)
    assert bolt.log == [] and lock.engaged is False
    for act, pin in ((lock.engage, 1), (lock.release, 2)):
        bolt.log.clear()
        act()
        bolt.run(lock, 2000)
        (begin, *levels), (end, *off) = bolt.log
        assert levels[pin - 1] == 1 and sum(levels) == 1 and off == [0, 0]
        assert 300 <= end - begin <= 600
        assert lock.engaged is (pin == 1)


def test_the_feedback_is_believed_and_not_the_pulse():
    bolt, lock = motor(jammed=True)
    lock.engage()
    bolt.run(lock, 1000)
    assert lock.engaged is False
    bolt.locked = True
    assert lock.engaged is True


def test_with_feedback_a_restart_does_not_move_a_bolt():
    bolt, lock = motor(locked=True)
    bolt.run(lock, 1000)
    assert lock.engaged is True and bolt.log == []


def test_without_feedback_it_unlocks_at_the_start_and_then_believes_the_pulses():
    bolt, lock = motor(feedback=False, locked=True)
    assert lock.engaged is False and bolt.log == []
    bolt.run(lock, 600)
    assert [levels for _, *levels in bolt.log] == [[0, 1], [0, 0]] and not bolt.locked
    lock.engage()
    bolt.run(lock, 380)
    assert lock.engaged is False
    bolt.run(lock, 200)
    assert lock.engaged is True and bolt.locked
    lock.release()
    assert lock.engaged is False


def test_another_wish_turns_it_round():
    bolt, lock = motor()
    lock.engage()
    bolt.run(lock, 100)
    lock.release()
    bolt.run(lock, 1000)
    assert [levels for _, *levels in bolt.log] == [[1, 0], [0, 0], [0, 1], [0, 0]]
    begin, end = bolt.log[2][0], bolt.log[3][0]
    assert 300 <= end - begin <= 600


def test_another_try_is_a_pulse_again():
    bolt, lock = motor(jammed=True)
    for _ in range(3):
        lock.engage()
        bolt.run(lock, 1000)
    assert [levels for _, *levels in bolt.log] == [[1, 0], [0, 0]] * 3


def test_a_solenoid_holds_as_long_as_it_has_current():
    coil = []
    lock = SolenoidLock(lambda level: coil.append(int(level)))
    bolt = Bolt()
    bolt.run(lock, 600)
    assert coil[-1] == 0 and not lock.engaged
    lock.engage()
    bolt.run(lock, 380)
    assert coil[-1] == 1 and not lock.engaged
    bolt.run(lock, 60000)
    assert coil[-1] == 1 and lock.engaged
    lock.release()
    bolt.run(lock, 20)
    assert coil[-1] == 0 and not lock.engaged


def test_a_solenoid_with_feedback():
    coil = []
    bolt = Bolt()
    lock = SolenoidLock(lambda level: coil.append(int(level)), bolt.feedback)
    lock.engage()
    bolt.run(lock, 1000)
    assert coil[-1] == 1 and not lock.engaged
    bolt.locked = True
    assert lock.engaged
