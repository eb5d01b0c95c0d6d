# micropython only: it has littlefs
"""A device that fails in earnest at one of its block operations: nothing lands from then on. The power goes when the
charge point has noticed, or it runs on from memory to the end before it starts again."""

from central_system import TIME
from charging import PowerCut
from flash import BLOCK, Flash
from power_cut_scenarios import outage
from power_cuts import Cuts, Recording, Site, ResumedCentral


class Fragile(Site):
    def unexpected(self, text, error):
        raise PowerCut

    def start_over(self):
        super().start_over()
        self.core.storage_changed = self.noticed
        if self.engine.store.waiting:
            self.noticed()

    def noticed(self):
        """The store has found out that nothing can be written."""
        raise PowerCut


class Steady(Fragile):
    def noticed(self):
        pass


class Failing(Recording):
    """Fails at block operation `left`, in the middle of it if `torn`."""

    def __init__(self, left, torn, site_class=Fragile):
        self.site_class = site_class
        flash = Flash()
        flash.format()
        TIME.ms = 0
        super().__init__(flash, ResumedCentral())
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
        except AssertionError:  # a story that goes on without flash ends otherwise
            assert self.site_class is Steady
        moment = self.moments[0]
        moment.ms, moment.got, moment.refused = TIME.ms, len(self.central.got), len(self.central.refused)
        return moment


def test_device_that_fails():
    cuts = Cuts(outage)
    for index in range(0, 2 * len(cuts.recording.moments) - 40, 15):
        recording = Failing(index // 2, index & 1)
        moment = recording.end()
        cuts.check_recovery(moment, cuts.wake(recording, moment, recording.flash.data, index))
    cuts.tell("on a device that fails")
    assert cuts.tried > 20


def test_it_runs_on_from_memory_until_the_restart():
    """The end of each transaction is sent then, or after the restart; a message that was sent from memory may come
    twice."""
    cuts = Cuts(outage)
    for index in range(0, 2 * len(cuts.recording.moments) - 40, 45):
        recording = Failing(index // 2, index & 1, Steady)
        moment = recording.end()
        again = cuts.wake(recording, moment, recording.flash.data, index)
        told = set([payload["transactionId"] for payload in again.central.of("StopTransaction")])
        begun = set(again.central.transactions.values())
        assert begun - told <= lost(recording, moment), (index, begun, told)
        assert again.site.engine.outbox.queued == 0
    cuts.tell("on a device that fails, running on")
    assert cuts.tried > 7


def lost(recording, moment):
    """The transactions that began when there was no flash any more and had not ended at the restart."""
    identities = set()
    for index, (action, _) in enumerate(recording.central.got):
        if action == "StartTransaction" and int(recording.central.ids[index].split(".")[1]) >= moment.queued:
            identities.add(recording.central.transactions.get(recording.central.ids[index]))
    return identities
