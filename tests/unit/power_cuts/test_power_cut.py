# without coverage: the cuts are many
"""A power cut at each write of a charging session on a file system that tears them, as that of a PC does: what bills is
neither lost nor sent twice (architecture.md, Power cuts; E 3.78). Those on littlefs are in test_power_session.py and
beside it."""

import asyncio
import sys

from central_system import TIME
from charging import PowerCut, Site
from helpers import finish, folder, replaced

from ocpp import log

STOPS = ("Local", "PowerLoss", "EVDisconnected")
KEYS = {"StopTxnSampledData": "Energy.Active.Import.Register", "MeterValueSampleInterval": "60"}


class Power:
    """Goes when the store of a Site begins its write number `left`; of an append a part is on flash then."""

    def __init__(self, store, left):
        self.left = left
        for name in ("write_file", "append", "remove_file"):
            setattr(store, name, self.guard(getattr(store, name), name == "append"))

    def guard(self, write, tears):
        def guarded(name, *parts):
            self.left -= 1
            if self.left < 0:
                if tears and self.left == -1:
                    write(name, parts[0][: len(parts[0]) // 2])
                raise PowerCut()
            write(name, *parts)

        return guarded


def run(site, story):
    """True when `story` came to its end, False when the power went."""
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()

    async def main():
        await site.start()
        await story(site)
        site.stop()

    async def limited():
        asyncio.get_event_loop().set_exception_handler(lambda loop, context: None)
        await finish(main())

    with replaced(log, exception=log.exception):  # Site.start() has its own
        try:
            asyncio.run(limited())
        except PowerCut:
            return False
    return True


async def session(site):
    await site.charge()
    await site.wait(61)
    await site.card("A", 1)
    await site.run(2000)


async def afterwards(site):
    """The car is gone: what was open ends by itself."""
    await site.wait(12)
    await site.run(2000)


def messages(central):
    """The transaction messages, each messageId once, in the order of their first arrival."""
    seen, found = set(), []
    for (action, payload), identity in zip(central.got, central.ids):
        if action in ("StartTransaction", "StopTransaction", "MeterValues") and identity not in seen:
            seen.add(identity)
            found.append((action, payload))
    return found


def check(central, where):
    found = messages(central)
    actions = [action for action, _ in found]
    assert actions.count("StartTransaction") <= 1, where
    assert actions.count("StopTransaction") == actions.count("StartTransaction"), (where, actions)
    if not actions:
        return
    assert actions[0] == "StartTransaction" and actions[-1] == "StopTransaction", (where, actions)
    start, stop = found[0][1], found[-1][1]
    assert stop["transactionId"] == 101 and stop["reason"] in STOPS, (where, stop)
    assert stop["meterStop"] >= start["meterStart"] and stop["timestamp"] >= start["timestamp"], where
    for action, payload in found:
        if action == "MeterValues":
            assert payload["transactionId"] == 101, where
            register = int(payload["meterValue"][0]["sampledValue"][0]["value"])
            assert start["meterStart"] <= register <= stop["meterStop"], (where, register, stop)


def cut_at(number, answers=None):
    """Whether the session ended before its write `number`."""
    TIME.ms = 0
    log.configure("error")
    site = Site(folder("cut"), keys=KEYS)
    central = site.central
    central.answers.update(answers or {})
    Power(site.engine.store, number)
    ended = run(site, session)
    central.answers.update(central.usual())
    again = Site(site.path, keys=KEYS, central=central)
    assert run(again, afterwards)
    check(central, "cut at write %d" % number)
    assert again.engine.outbox.queued == 0, number
    return ended


def all_cuts(answers=None):
    number = 0
    while not cut_at(number, answers):
        number += 1
    return number


def test_power_cut_within_each_write():
    assert all_cuts() > 15


def test_power_cut_while_the_central_system_is_silent():
    """Everything is in the queue: it arrives after the cut, in order."""
    assert all_cuts({"StartTransaction": None}) > 10
