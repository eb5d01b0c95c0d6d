"""The register that is billed: nothing that cannot have flowed, nothing twice, whatever the meter shows."""

import random
from time import ticks_add

from hal.meter.billing import BillingRegister


class Reader:
    """A register that is read once a second; `max_w` 22 kW: 6 Wh a second."""

    def __init__(self, start=None, **kwargs):
        self.register = BillingRegister(22080, **kwargs)
        self.now = (1 << 30) - 5000  # the ticks wrap soon
        if start is not None:
            self.register.start(start, None, start)
            self.read(start)

    def read(self, *shown, every=1000):
        """What is billed after these readings."""
        for wh in shown:
            self.now = ticks_add(self.now, every)
            self.register.take(wh, self.now)
        return self.register.wh

    def wait(self, seconds):
        """The meter does not answer."""
        for _ in range(seconds):
            self.now = ticks_add(self.now, 1000)
            self.register.pass_time(self.now)


def test_what_flows_is_billed():
    reader = Reader(5000)
    for wh in range(5000, 5600, 6):
        assert reader.read(wh) == wh and reader.register.doubt is None


def test_a_jump_for_a_moment_bills_nothing():
    """Power that was read as energy, 7 MWh, for up to four readings."""
    for count in (1, 2, 3, 4):
        reader = Reader(5000)
        assert reader.read(*[7000000] * count) == 5000
        assert reader.register.doubt == "register 5000 -> 7000000 Wh not billed"
        assert reader.read(5006) == 5006


def test_a_fall_for_a_moment_bills_nothing():
    for count in (1, 2, 3, 4):
        reader = Reader(9000)
        assert reader.read(*[0] * count) == 9000
        assert reader.register.doubt == "register 9000 -> 0 Wh not billed"
        assert reader.read(9006) == 9006


def test_what_shows_differently_each_time_is_never_the_truth():
    reader = Reader(9000)
    random.seed(7)
    for _ in range(500):
        assert reader.read(100000 + random.randrange(10000000)) == 9000
    assert reader.read(9010) == 9010


def test_a_jump_that_stays_is_another_register_from_which_the_count_goes_on():
    """No connector can have delivered it; what flows after it is billed, also while it is being confirmed."""
    reader = Reader(5000)
    assert reader.read(*range(7000000, 7000018, 6)) == 5000
    assert reader.read(7000018, 7000024) == 5024
    assert reader.read(7000030) == 5030


def test_a_fall_that_stays_is_another_register_too():
    reader = Reader(9000)
    assert reader.read(0, 6, 12, 18, 24) == 9024
    assert reader.read(30) == 9030


def test_readings_that_come_faster_confirm_no_faster():
    reader = Reader(9000)
    assert reader.read(*[0] * 100, every=20) == 9000 and reader.register.shown == 9000
    assert reader.read(9001) == 9001


def test_a_meter_that_restarts_at_zero_and_returns_bills_nothing_twice():
    """At once, after a while, after an hour without an answer, and when it has counted meanwhile."""
    for steps in (0, 5, 20, 600):
        for silent in (0, 3600):
            for more in (0, 50, 200):
                reader = Reader(9000)
                counted = list(range(0, 6 * steps + 1, 6))
                billed = reader.read(0, 0, 0, 0, 0, *counted)
                assert billed == 9000 + 6 * steps
                reader.wait(silent)
                back = max(9000, counted[-1]) + more
                assert reader.read(*[back] * 8) <= billed + more, (steps, silent, more)
                assert reader.read(back + 6) <= billed + more + 6


def test_a_new_meter_passes_the_register_of_the_old_one():
    """Going by in small steps it loses one of them, once."""
    reader = Reader(9000)
    reader.read(0, 0, 0, 0, 0)
    assert reader.read(*range(0, 12000, 6)) >= 9000 + 11994 - 6


def test_the_margin_is_there_once_not_at_each_reading():
    reader = Reader(5000)
    billed = reader.read(*[5000 + 90 * at for at in range(1, 200)])
    assert billed <= 5000 + 100 + 199 * 7, "90 Wh a second are 324 kW"


def test_a_coarse_meter_is_billed_when_the_step_can_have_flowed():
    """Steps of 1 kWh in a float: known to nobody before; confirmed, and explained by the time since the last."""
    reader = Reader(5000)
    for hour in range(1, 5):
        reader.read(*[4000 + 1000 * hour] * 600)
        assert reader.read(*[5000 + 1000 * hour] * 5) == 5000 + 1000 * hour
    assert reader.read(*[10000] * 5) == 9000, "not so soon again"


def test_a_resolution_that_is_known_needs_no_confirmation():
    reader = Reader(5000, margin_wh=1100)
    reader.read(*[5000] * 600)
    assert reader.read(6000) == 6000 and reader.register.doubt is None


def test_time_without_an_answer_explains_what_flowed_in_it():
    for silent, wh, billed in ((60, 460, 460), (60, 600, 0), (3600, 22000, 22000), (3600, 23000, 0)):
        reader = Reader(5000)
        reader.wait(silent)
        assert reader.read(5000 + wh) == 5000 + billed, (silent, wh)


def test_the_doubt_is_reported_for_a_minute():
    reader = Reader(5000)
    reader.read(7000000)
    assert reader.read(*[5000] * 58) == 5000 and reader.register.doubt
    reader.read(5000, 5000, 5000)
    assert reader.register.doubt is None
    reader.read(7000000, 0, 8000000, 1 << 30)
    assert reader.register.doubt == "register 5000 -> 7000000 Wh not billed", "each text is a message"
    reader = Reader(1 << 30)
    reader.read((1 << 30) - 1)
    assert 40 < len(reader.register.doubt) <= 50, "1.6 6.47"


def started(wh, seconds, own, *shown):
    """(billed, settled, doubt) when a meter that showed `own` at `wh` is read after a restart."""
    reader = Reader()
    reader.register.start(wh, seconds, own)
    reader.read(*shown, every=100)
    return reader.register.wh, reader.register.settled, reader.register.doubt


def test_after_a_restart_the_register_is_read_three_times_unless_it_is_the_stored_one():
    assert started(5000, None, 5000, 5003) == (5003, True, None)
    assert started(5000, None, 5000, 60000) == (5000, False, None)
    assert started(5000, None, 5000, 60000, 60000) == (5000, False, None)
    assert started(5000, None, 5000, 60000, 60000, 60001) == (60001, True, None), "counted while this was off"
    assert started(5000, None, 5000, 7000000, 5003) == (5003, True, None), "read wrongly once"
    assert started(0, None, 0, 1234567, 1234567, 1234567) == (1234567, True, None), "the first start ever"


def test_after_a_restart_in_a_transaction_only_what_can_have_flowed_is_billed():
    """22 kW for 600 s are 3.68 kWh."""
    assert started(5000, 600, 5000, 8000, 8000, 8000) == (8000, True, None)
    told = "register 5000 -> 60000 Wh not billed"
    assert started(5000, 600, 5000, 60000, 60000, 60001) == (5001, True, told), "another meter"
    assert started(5000, 600, 5000, 40, 40, 40) == (5000, True, "register 5000 -> 40 Wh not billed"), "a new meter"


def test_after_a_restart_a_meter_that_was_new_before_goes_on():
    """Its own register is known: 40 Wh when 5000 were billed."""
    assert started(5000, 600, 40, 50) == (5010, True, None)
    billed, settled, doubt = started(9400, None, 400, 9000, 9000, 9000)
    assert (billed, settled) == (9400, True) and doubt, "back at what it had before: billed already"


def test_a_meter_that_counts_by_itself():
    reader = Reader()
    reader.register.start(700)
    assert reader.register.settled
    for _ in range(50):
        reader.now = ticks_add(reader.now, 1000)
        reader.register.add(6, reader.now)
    assert reader.register.wh == 1000
    reader.register.add(5000, reader.now)
    assert reader.register.wh == 1000 and reader.register.doubt == "register 1000 -> 6000 Wh not billed"


def test_whatever_a_meter_shows_the_register_never_falls_and_never_outruns_the_connector():
    for seed in range(20):
        random.seed(seed)
        reader, wh, last = Reader(5000), 5000, 5000
        for _ in range(400):
            kind = random.randrange(12)
            if kind == 0:
                wh = random.randrange(20000)
            elif kind == 1:
                wh = random.randrange(10000000)
            wh += random.randrange(7)
            reader.read(*[wh] * random.choice((1, 1, 2, 7)))
            assert reader.register.wh >= last
            last = reader.register.wh
        # A coarse step may be what flowed since the register moved last: that, and the margin, are the bound.
        assert last <= 5000 + 400 * 7 * 7 + 100, (seed, last)
