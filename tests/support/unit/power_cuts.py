"""Power cuts: a story is played once over a Flash, and every block operation is recorded. Then the power goes
at each of them: a charge point wakes up over what had landed, and the central system goes on from what it had got.
"""

import asyncio
import gc
import json
import os
import random

from billing_check import check, timeless
from central_system import TIME, Central
from flash import BLOCK, Flash
from helpers import finish, replaced
import charging

from ocpp import log
from ocpp.errors import OcppError

FOLDER = "/flash/site"
KEYS = {
    "StopTxnSampledData": "Energy.Active.Import.Register",
    "TransactionMessageRetryInterval": "0",
    "AllowOfflineTxForUnknownId": "true",
}
CONNECTORS = 2
_DARK_MS = 45000  # the power is away for so long

gc.threshold(450000)


class Site(charging.Site):
    """Keeps the code in memory: to load that of each start again would double the time."""

    unloads_code = False


class ResumedCentral(Central):
    """A Central that can be late or refuse; goes on from `moment` of `before`. `refused`: indexes of what
    was answered with CALLERROR."""

    def __init__(self, before=None, moment=None):
        super().__init__()
        self.refused = []
        if moment:
            self.got, self.ids = before.got[: moment.got], before.ids[: moment.got]
            self.refused = before.refused[: moment.refused]
            self.transactions = {key: before.transactions[key] for key in self.ids if key in before.transactions}

    def refuse(self, action, times):
        """Answer the next `action` with a CALLERROR, `times` times."""
        left = [times]

        def answer(payload):
            left[0] -= 1
            if left[0] < 0:
                return {}
            self.refused.append(len(self.got) - 1)
            return OcppError("InternalError", "not now")

        self.answers[action] = answer

    def late(self):
        """The answer to the StartTransaction that has waited for it."""
        answer = self.started("Accepted")
        self.rpc.receive(bytearray(json.dumps([3, self.ids[-1], answer]).encode()))


class Moment:
    """What there is when a block operation begins. `operation`: (address, data) of a program, (address, None) of an
    erase; `queued`: the number of the next message; `timed`: of the first one made without knowing the time."""

    def __init__(self, operation, recording):
        self.operation = operation
        self.ms = TIME.ms
        self.got, self.refused = len(recording.central.got), len(recording.central.refused)
        self.granted, self.asked = recording.granted, len(recording.asked)
        engine = getattr(recording.site, "engine", None)
        self.queued = engine.outbox.next_number if engine else 1
        timed = recording.moments[-1].timed if recording.moments else 1
        corrected = engine and engine.clock.synced and recording.central.got[-1][0] != "BootNotification"
        self.timed = self.queued if corrected else timed


class Recording:
    """Plays stories over `flash`; with `record`, `moments` are those of all block operations from then on. A story
    notes in `asked` what it asks for as (name, value), and in `granted` how many of these were answered."""

    site_class = Site
    keys = KEYS

    def __init__(self, flash, central, record=True, profiles=()):
        self.flash, self.central, self.site = flash, central, None
        self.profiles = profiles  # beside Core
        self.asked, self.granted = [], 0
        self.first, self.moments = None, []
        if record:
            self.begin()

    def begin(self):
        """Record from here on; what was recorded before is of no interest."""
        self.first, self.moments = bytes(self.flash.data), []
        self.flash.each = self.take

    def pause(self):
        self.flash.each = None

    def play(self, *stories):
        """Each `story(site)` to its end; nothing may have failed on the way."""
        asyncio.new_event_loop()
        log.configure("error")
        self.flash.mount()

        async def main():
            self.site = self.site_class(FOLDER, CONNECTORS, self.keys, self.central, profiles=self.profiles)
            self.site.recording = self
            for story in stories:
                await story(self.site)
            self.site.stop()

        with replaced(log, exception=log.exception):  # Site.start() has its own
            asyncio.run(finish(main()))
        self.pause()
        return self

    def take(self, address, data):
        self.moments.append(Moment((address, data and bytes(data)), self))

    def cuts(self, blocks=32):
        """(moment, what had landed) for each operation twice: before it, and when half of it is done. `blocks`: of the
        flash."""
        flash = Flash(blocks)
        flash.data[:] = self.first
        for moment in self.moments:
            address, data = moment.operation
            yield moment, flash.data
            if data is None:
                flash.erase(address, BLOCK // 2)
                yield moment, flash.data
                flash.erase(address, BLOCK)
            else:
                flash.program(address, data[: len(data) // 2])
                yield moment, flash.data
                flash.program(address, data)


async def alone(site):
    """The cars have gone: what was open ends by itself."""
    await site.start()
    await site.wait(12)
    await site.run(2000)


async def offline(site):
    """The same, and the central system is there later."""
    site.boot = site.central.connected = False
    await alone(site)
    site.central.back()
    await site.engine.accepted.wait()
    await site.settle()


async def resumed(site):
    """The cars are still there, and go on charging until the drivers end it."""
    for number in range(CONNECTORS):
        site.board.ev(number + 1, "C")
    await site.start()
    await site.wait(12)
    await site.run(4000)
    for connector in site.core.connectors:
        if connector.transaction:
            await site.card(connector.transaction.id_tag, connector.number)
    await site.run(2000)


WAYS = (alone, offline, resumed)


class Cuts:
    """Tries the power cuts of a story; `tried` counts them. `after(site)` follows on each recovery."""

    def __init__(self, story, *after, profiles=()):
        flash = Flash()
        flash.format()
        TIME.ms = 0
        self.profiles = profiles
        self.recording = Recording(flash, ResumedCentral(), profiles=profiles).play(story)
        self.whole = check(self.recording.central)
        self.after = after
        self.scratch = Flash()
        self.tried = 0

    def wake(self, recording, moment, image, way, record=False):
        """The Recording of what follows a cut."""
        TIME.ms = moment.ms + _DARK_MS
        self.scratch.data[:] = image
        self.tried += 1
        again = Recording(self.scratch, ResumedCentral(recording.central, moment), record, self.profiles)
        return again.play(WAYS[way % len(WAYS)], *self.after)

    def check_recovery(self, moment, recording):
        """Nothing is lost, doubled or changed that was on flash at `moment`, and nothing is left over."""
        arrived = check(recording.central)
        for number, (action, payload) in self.whole.items():
            if number < moment.queued:
                action_now, payload_now = arrived[number]
                if number >= moment.timed:
                    payload, payload_now = timeless(payload), timeless(payload_now)
                assert (action_now, payload_now) == (action, payload), ("changed", number, payload_now, payload)
        assert recording.site.engine.outbox.queued == 0
        left = [name for name in os.listdir(FOLDER) if name[:2] in ("td", "tx")]
        assert not left, ("left over", left)

    def all(self, check=None, every=1, first=0):
        """Each `every`th cut from the `first` on, in one of the ways; `check(moment, recording)` checks more. With 2
        for `every` the even ones are clean, the odd ones torn."""
        for index, (moment, image) in enumerate(self.recording.cuts()):
            if index % every == first:
                with Where(index, moment):
                    recording = self.wake(self.recording, moment, image, self.tried)
                    self.check_recovery(moment, recording)
                    if check:
                        check(moment, recording)
        self.tell(("clean", "torn")[first] if every == 2 else "clean and torn")

    def twice(self, every, seed):
        """Of all cuts each `every`th, and in what follows another one, at random by `seed`."""
        random.seed(seed)
        for index, (moment, image) in enumerate(self.recording.cuts()):
            if index % every == 0:
                with Where(index, moment):
                    first = self.wake(self.recording, moment, image, random.randrange(3), True)
                    self.check_recovery(moment, self._again(first))
        self.tell("two in a row, seed %d" % seed)

    def _again(self, recording):
        """The Recording of what follows when the power goes during `recording`."""
        chosen, way = random.randrange(2 * len(recording.moments) or 1), random.randrange(3)
        for index, (moment, image) in enumerate(recording.cuts()):
            if index == chosen:
                with Where(index, moment):
                    return self.wake(recording, moment, image, way)
        return recording

    def tell(self, what):
        print("power cut: %d cut points, %s" % (self.tried, what))


class Where:
    """Tells at which cut something went wrong."""

    def __init__(self, index, moment):
        self.index, self.moment = index, moment

    def __enter__(self):
        pass

    def __exit__(self, kind, error, traceback):
        if kind:
            what = "erase" if self.moment.operation[1] is None else "program"
            print("cut %d, %s %s: %r" % (self.index, ("clean", "torn")[self.index & 1], what, error))
