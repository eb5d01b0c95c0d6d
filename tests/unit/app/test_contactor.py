"""The contactor's relays, in their order, and what its auxiliary contacts tell."""

from app.hardware import find_second_contactors
from hal.drivers.contactor import Contactor


class Relays:
    """Two outputs; `log` of what was switched."""

    def __init__(self):
        self.log = []
        self.level = {"l1": 1, "l23": 1}

    def pin(self, name):
        def output(level):
            self.level[name] = int(level)
            self.log.append((name, int(level)))

        return output


def test_it_is_open_from_the_start_and_obeys_its_inputs():
    relays = Relays()
    contactor = Contactor(relays.pin("l1"))
    assert relays.log == [("l1", 0)] and contactor.closed is None
    contactor.close()
    assert relays.level["l1"] == 1
    contactor.open()
    assert relays.level["l1"] == 0


def test_three_phases_close_before_the_first_and_open_after_it():
    relays = Relays()
    contactor = Contactor(relays.pin("l1"), relays.pin("l23"))
    assert relays.level == {"l1": 0, "l23": 0} and contactor.phases == 3
    relays.log.clear()
    contactor.close()
    contactor.open()
    assert relays.log == [("l23", 1), ("l1", 1), ("l1", 0), ("l23", 0)]


def test_one_phase_leaves_the_others_open():
    relays = Relays()
    contactor = Contactor(relays.pin("l1"), relays.pin("l23"))
    contactor.phases = 1
    contactor.close()
    assert relays.level == {"l1": 1, "l23": 0}
    contactor.open()
    contactor.phases = 3
    contactor.close()
    assert relays.level == {"l1": 1, "l23": 1}


def test_it_can_switch_phases_only_with_a_second_contactor():
    relays = Relays()
    assert Contactor(relays.pin("l1"), relays.pin("l23")).switchable
    assert not Contactor(relays.pin("l1")).switchable
    assert not Contactor(relays.pin("l1"), relays.pin("l23"), None, False).switchable


def test_on_a_real_board_the_owner_says_that_there_is_a_second_contactor():
    """The default pin alone does not: one contactor for all phases may be wired, and a limit for one phase would let
    three times as much flow. The simulated board has one unless its pin is -1."""
    second = {"contactor_l2l3": 25, "contactor_l2l3_2": 4}
    for kind, pins, expected in (("esp32-devkitc-v4", {}, [False, False]), ("esp32-devkitc-v4", second, [True, True]),
                                 ("esp32-devkitc-v4", {"contactor_l2l3": -1, "contactor_l2l3_2": 4}, [False, True]),
                                 ("sim", {}, [True, True]), ("sim", {"contactor_l2l3_2": -1}, [True, False])):
        connectors = [{}, {}]
        find_second_contactors({"type": kind, "pins": pins}, connectors)
        assert [connector["switches_phases"] for connector in connectors] == expected, (kind, pins)


def test_its_feedback_is_what_the_contacts_tell_and_not_what_was_said():
    level = [0]
    contactor = Contactor(lambda on: None, None, lambda: level[0])
    assert contactor.closed is False
    contactor.close()
    assert contactor.closed is False
    level[0] = 1
    assert contactor.closed is True
    contactor.open()
    assert contactor.closed is True
