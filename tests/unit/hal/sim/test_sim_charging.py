# without coverage: the sessions are long
"""Whole charging sessions: the machine of each connector on the simulated board."""

import gc

from hal.evse.machine import Evse
from hal.evse.safety_loop import Safety
from sim_board import Board


class Site:
    """A simulated board and the loop that keeps it safe, in a time of its own."""

    def __init__(self, connectors=1):
        self.now = 0
        config = {"phases": 3, "max_current": 32, "cable": "socket", "lock": True}
        self.board = Board([config] * connectors, 32, lambda: self.now)
        self.evses = [Evse(devices, number + 1) for number, devices in enumerate(self.board.connectors)]
        self.safety = Safety(self.evses)

    def run(self, milliseconds):
        for _ in range(milliseconds // 20):
            self.now += 20
            self.safety.step(self.now)

    def start(self, number, deciamps):
        evse = self.evses[number - 1]
        self.board.ev(number, "C")
        evse.limits.set("profile", deciamps)
        evse.lock.wanted = True
        evse.permit(True)


def charging(connectors=1):
    site = Site(connectors)
    site.run(1000)
    site.start(1, 160)
    site.run(2000)
    assert site.evses[0].state == "C2" and site.evses[0].contactor_closed
    return site, site.evses[0]


def test_a_session_from_plug_to_unplug():
    site, evse = charging()
    before = site.board.connectors[0].meter.energy_wh
    site.run(600000)
    assert site.board.connectors[0].meter.energy_wh - before == 1840
    evse.permit(False)
    site.run(20)
    assert not evse.contactor_closed and not evse.pwm_on
    site.run(1000)
    assert evse.state == "B1" and evse.fault is None
    evse.lock.wanted = False
    site.board.plug(1, False)
    site.run(400)
    assert evse.state == "A" and not evse.locked


def test_pause_and_resume_within_a_session():
    site, evse = charging()
    for _ in range(3):
        evse.limits.set("profile", 0)
        site.run(3000)
        assert evse.state == "B1" and evse.permitted and not evse.contactor_closed
        evse.limits.set("profile", 160)
        site.run(3000)
        assert evse.state == "C2" and evse.contactor_closed


def test_every_fault_blocks_or_warns_and_ends_with_null():
    for code in ("ConnectorLockFailure", "EVCommunicationError", "GroundFailure", "HighTemperature",
                 "InternalError", "LocalListConflict", "OtherError", "OverCurrentFailure", "OverVoltage",
                 "PowerMeterFailure", "PowerSwitchFailure", "ReaderFailure", "ResetFailure", "UnderVoltage",
                 "WeakSignal"):
        for site in (Site(), charging()[0]):
            evse = site.evses[0]
            site.run(200)
            site.board.fault(1, code)
            site.run(9000)
            shown = evse.fault or evse.warning
            assert shown and shown[0] == code, (code, evse.fault)
            if evse.fault:
                assert not site.board.wires.output("contactor")() and not evse.pwm_on, code
            site.board.fault(1, None)
            site.run(1500)
            assert evse.fault is None and evse.warning is None, code
            site.run(3000)
            assert evse.contactor_closed == evse.permitted, code


def test_an_overcurrent_trips_through_the_meter():
    site, evse = charging()
    site.board.fault(1, "OverCurrentFailure")
    site.run(5000)
    assert evse.fault is None and max(site.board.connectors[0].meter.currents) == 260
    site.run(4000)
    assert evse.fault[0] == "OverCurrentFailure"


def test_two_connectors_do_not_touch_each_other():
    site, first = charging(2)
    second = site.evses[1]
    site.start(2, 100)
    site.run(2000)
    meters = [devices.meter for devices in site.board.connectors]
    assert [meter.currents[0] for meter in meters] == [160, 100]
    site.board.fault(1, "GroundFailure")
    site.run(100)
    assert first.fault and not first.contactor_closed
    assert second.fault is None and second.contactor_closed and second.state == "C2"
    assert [meter.currents[0] for meter in meters] == [0, 100]
    site.board.plug(2, False)
    site.run(400)
    assert first.plugged and not second.plugged


def test_an_idle_round_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return
    site, _ = charging(2)
    site.run(1000)
    now = site.now
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(100):
        now += 20
        site.now = now
        site.safety.step(now)
    assert gc.mem_alloc() == before
