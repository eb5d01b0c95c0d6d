# micropython only: it has littlefs
"""A power cut at each block operation while security events happen, online and offline: each critical one that was on
flash reaches the central system, in order and with its time, and nothing of the queue is left over (A04.FR.02)."""

from power_cuts import Cuts

from ocpp import events, log
from profiles.security import Security

EVENT = "SecurityEventNotification"
KINDS = ("MemoryExhaustion", "TamperDetectionActivated")


async def happens(site):
    """Events, one of which the central system does not confirm, before a restart's worth of others while offline."""
    keep(site)
    await site.start()
    for number in range(2):
        await one(site, number)
    site.central.answers[EVENT] = None
    await one(site, 2)
    site.central.lose()
    for number in range(3, 6):
        await one(site, number)
    del site.central.answers[EVENT]
    site.central.back()
    await site.settle()
    await drained(site)
    log.security = None  # what wakes up has no event of its own


def keep(site):
    """The security log of this start."""
    log.security, log.told = None, ()
    events.begin(site.engine, site.path)


async def one(site, number):
    site.recording.asked.append((number, None))
    events.tell(KINDS[number % 2], "number %d" % number)
    site.recording.granted = len(site.recording.asked)
    await site.settle()


async def drained(site):
    for _ in range(200):
        await site.settle()
        if not site.engine.store.load("events", []):
            return


async def read(site):
    await drained(site)
    site.recording.left = site.engine.store.load("events", [])


def check(moment, recording):
    sent = [payload for action, payload in recording.central.got if action == EVENT and "number" in payload["techInfo"]]
    numbers = [int(payload["techInfo"].split()[1]) for payload in sent]
    assert recording.left == [], recording.left
    for number in range(moment.granted):
        assert number in numbers, ("lost", number, numbers)
    firsts = [number for at, number in enumerate(numbers) if number not in numbers[:at]]
    assert firsts == sorted(firsts), numbers
    times = {}
    for number, payload in zip(numbers, sent):
        assert times.setdefault(number, payload["timestamp"]) == payload["timestamp"], payload


def test_power_cut_at_each_write_loses_no_event():
    cuts = Cuts(happens, read, profiles=(Security,))
    cuts.all(check)
    assert cuts.tried >= 40, cuts.tried
