"""The simulated cars: what each does at the pilot, and what it draws."""

from sim_rig import Rig

from hal.evse.pilot import duty_permyriad


class ChargingCar(Rig):
    """A car of `model` in state C at 16 A, behind a closed contactor."""

    def __init__(self, model, **more):
        super().__init__()
        self.meter = self.wires.meter(1)
        self.offer(None)
        self.board.ev(1, "C", model=model, **more)
        self.relay(1)
        self.wires.output("contactor_l2l3")(1)
        self.offer(160)

    def offer(self, deciamps):
        self.generator.set_duty(duty_permyriad(deciamps) if deciamps else 10000)

    def run(self, milliseconds):
        """The levels of the pilot, in V, one for each change; and what flows at the end."""
        levels = []
        for _ in range(milliseconds // 20):
            self.now += 20
            level = round(self.pilot()[0] / 1000)
            if levels[-1:] != [level]:
                levels.append(level)
        return levels, self.meter.currents[0]


def test_a_normal_car_follows_at_once():
    rig = ChargingCar("normal", max_current=20)
    assert rig.run(20) == ([6], 160)
    rig.offer(320)
    assert rig.run(20) == ([6], 200)
    rig.offer(None)
    assert rig.run(480) == ([6], 0) and rig.run(1000) == ([9], 0)


def test_a_slow_car_takes_most_of_five_seconds():
    rig = ChargingCar("slow")
    assert rig.run(20) == ([6], 160)
    rig.offer(60)
    assert rig.run(4000) == ([6], 160) and rig.run(1000) == ([6], 60)
    rig.offer(320)
    assert rig.run(4000) == ([6], 60) and rig.run(1000) == ([6], 320)
    rig.offer(None)
    assert rig.run(20) == ([6], 0)


def test_a_car_that_ignores_everything():
    rig = ChargingCar("ignores", max_current=32)
    assert rig.run(5000) == ([6], 320)
    rig.offer(None)
    assert rig.run(10000) == ([6], 320)
    rig.relay(0)
    assert rig.run(20) == ([6], 0)


def test_a_car_without_a_diode():
    rig = ChargingCar("no_diode")
    rig.run(20)
    assert rig.shows(5624, -5624)
    rig.board.ev(1, "B")
    assert rig.shows(8791, -8791)


def test_a_car_that_cannot_make_up_its_mind():
    rig = ChargingCar("flaps")
    levels, _ = rig.run(8000)
    assert 10 <= len(levels) <= 12 and set(levels) == {6, 9}
    rig.board.ev(1, "B")
    assert rig.run(3000) == ([9], 0)


def test_a_sleeping_car_wakes_up_by_minus_twelve_volts():
    rig = ChargingCar("sleeps")
    assert rig.run(10000) == ([9], 0)
    rig.generator.set_duty(0)
    assert rig.run(2000) == ([-12], 0)
    rig.offer(160)
    assert rig.run(10000) == ([9], 0)
    rig.generator.set_duty(0)
    rig.run(4000)
    rig.offer(160)
    assert rig.run(400) == ([9], 0) and rig.run(1000)[1] == 160
    rig.offer(None)
    rig.run(1000)
    rig.offer(100)
    assert rig.run(2000)[1] == 100


def test_a_car_with_one_phase():
    rig = ChargingCar("single_phase")
    assert rig.meter.currents == [160, 0, 0] and rig.meter.power_w == 3680
    rig.board.ev(1, "C", phases=2)
    assert rig.meter.currents == [160, 160, 0]


def test_a_car_that_has_had_enough():
    rig = ChargingCar("stops", after_wh=50)
    assert rig.run(16000) == ([6], 160)
    assert rig.run(2000) == ([6, 9], 0) and 50 <= rig.meter.energy_wh <= 51
    assert rig.run(60000) == ([9], 0)
    rig = ChargingCar("stops", after_s=30, after_wh=1000)
    assert rig.run(29000) == ([6], 160) and rig.run(2000) == ([6, 9], 0)


def test_a_model_leaves_with_its_car():
    rig = ChargingCar("ignores", max_current=10, phases=1)
    rig.board.ev(1, "B")
    rig.board.ev(1, "C")
    assert rig.meter.currents == [100, 0, 0]
    rig.board.plug(1, False)
    rig.board.ev(1, "C")
    assert rig.meter.currents == [160, 160, 160]


def test_what_the_owner_says_of_the_car_stays_when_its_model_changes():
    rig = ChargingCar("normal", max_current=10, phases=1)
    rig.board.ev(1, "C", model="slow")
    assert rig.meter.currents == [100, 0, 0]


def test_one_phase_of_two_relays():
    rig = ChargingCar("normal")
    rig.wires.output("contactor_l2l3")(0)
    assert rig.meter.currents == [160, 0, 0]
    rig.pull("contactor", state="welded")
    assert rig.meter.currents == [160, 160, 160]


def test_a_phase_without_voltage_gives_nothing():
    rig = ChargingCar("normal")
    rig.pull("grid", volts=[230, 0, 250.5])
    assert rig.meter.currents == [160, 0, 160] and rig.meter.voltages == [2300, 0, 2505]
    assert rig.meter.power_w == 16 * 230 + 16 * 250.5
