# micropython only: it has littlefs
"""A device that fails in earnest at one of its block operations: nothing lands from then on, and the charge point runs
on for as long as it can before it starts again."""

from central_system import TIME
from charging import PowerCut, Site
from flash import BLOCK, Flash
from power import Cuts, Film, Witness
from power_stories import outage


class Fragile(Site):
    def unexpected(self, text, error):
        raise PowerCut


class Failing(Film):
    """Fails at block operation `left`, in the middle of it if `torn`."""

    site_class = Fragile

    def __init__(self, left, torn):
        flash = Flash()
        flash.format()
        TIME.ms = 0
        super().__init__(flash, Witness())
        self.left, self.torn = left, torn

    def take(self, address, data):
        self.left -= 1
        if self.left == -1:
            super().take(address, data)
            if self.torn and data is None:
                self.flash.erase(address, BLOCK // 2)
            elif self.torn:
                self.flash.program(address, data[: len(data) // 2])
        return self.left >= 0

    def end(self):
        """The Moment at which the charge point has stopped, with what was on flash when the device failed."""
        try:
            self.play(outage)
        except (PowerCut, OSError):
            pass
        moment = self.moments[0]
        moment.ms, moment.got, moment.refused = TIME.ms, len(self.central.got), len(self.central.refused)
        return moment


def test_device_that_fails():
    cuts = Cuts(outage)
    for index in range(0, 2 * len(cuts.film.moments) - 40, 15):
        film = Failing(index // 2, index & 1)
        moment = film.end()
        cuts.judge(moment, cuts.wake(film, moment, film.flash.data, index))
    cuts.tell("on a device that fails")
    assert cuts.tried > 20
