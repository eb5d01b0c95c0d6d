"""The energy registers over a restart and a power cut: what may have flowed is billed, another meter is not."""

from helpers import folder
from hal.meter.billing import BillingRegister
from app.compose import restore_registers
from ocpp.clock import KEEP_S, Clock
from ocpp.store import Store
from profiles.core.metering import REGISTERS

SAVED_AT = 800000000
W = 22080


class Meter:
    """A meter with a register of its own."""

    def __init__(self):
        self.register = BillingRegister(W)
        self.meter = self

    def set_energy(self, wh, seconds=None, shown=None):
        self.register.start(wh, seconds, wh if shown is None else shown)

    def read(self, *shown):
        for at, wh in enumerate(shown):
            self.register.take(wh, at * 100)
        return self.register.wh


class Engine:
    def __init__(self, record, clock=SAVED_AT, charging=()):
        self.store = Store(folder("restored"))
        self.store.save(REGISTERS, record)
        for number in charging:
            self.store.save("tx%d" % number, {"n": 1})
        self.clock = Clock(clock)


def restored(meters, *args, **kwargs):
    engine = Engine(*args, **kwargs)
    devices = [Meter() for _ in range(meters)]
    restore_registers(engine, devices)
    return devices, engine


def test_without_a_transaction_the_meter_may_have_counted_for_ever():
    (one, two), engine = restored(2, [5000, 700, SAVED_AT])
    assert one.read(90000, 90000, 90001) == 90001 and two.read(700) == 700
    assert engine.clock.now() >= SAVED_AT


def test_in_a_transaction_only_until_the_power_went():
    """The clock's record is up to ten minutes older than the cut; energy flowed after the register was saved."""
    possible = W * KEEP_S // 3600
    for wh, billed in ((possible, possible), (possible + 200, 0)):
        (one,), _ = restored(1, [5000, SAVED_AT], charging=(1,))
        assert one.read(*[5000 + wh] * 3) == 5000 + billed, wh
    for wh, billed in ((possible + W * 2, possible + W * 2), (possible + W * 2 + 200, 0)):
        (one,), _ = restored(1, [5000, SAVED_AT], clock=SAVED_AT + 7200, charging=(1,))
        assert one.read(*[5000 + wh] * 3) == 5000 + billed, wh
    (one, two), _ = restored(2, [5000, 5000, SAVED_AT], charging=(2,))
    assert one.read(*[7000000] * 3) == 7000000 and two.read(*[7000000] * 3) == 5000


def test_a_meter_whose_register_differs_from_the_billed_goes_on():
    """[billed, shown]: another meter took its place once; that is no news at each start."""
    (one, two), _ = restored(2, [[9400, 400], 700, SAVED_AT], charging=(1,))
    assert one.read(410) == 9410 and one.register.doubt is None
    assert two.read(705) == 705


def test_a_record_of_other_connectors_is_taken_as_far_as_it_goes():
    (one, two), _ = restored(2, [5000, SAVED_AT])
    assert one.register.wh == 5000 and two.register.wh == 0
    (one,), _ = restored(1, [5000, 700, SAVED_AT])
    assert one.register.wh == 5000
