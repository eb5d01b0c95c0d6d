# micropython only: it has littlefs
"""Power cuts while what has waited for room is written to flash (architecture.md, Power cuts)."""

from central_system import TIME
from power_cuts import WAYS, Recording, Where, ResumedCentral, check
from storage import Flash, empty, fill

from memory import load

_DARK_MS = 45000


async def stop_in_memory(site):
    """A charges, B ends while there is neither room nor a central system."""
    await site.start()
    await site.charge("A", 1)
    await site.charge("B", 2)
    await site.wait(61)
    site.central.lose()
    fill()
    await site.wait(61)
    await site.card("B", 2)
    await site.run(2000)
    await room(site)


async def start_in_memory(site):
    """A has begun and ended with no room, delivered at once; B charges."""
    await site.start()
    fill()
    await site.charge("A", 1)
    await site.wait(61)
    await site.card("A", 1)
    await site.run(2000)
    await site.charge("B", 2)
    await site.wait(61)
    await room(site)


async def room(site):
    """The power may go from here on."""
    assert site.engine.store.waiting
    empty()
    site.recording.begin()
    load("ocpp.store.flush").write_all(site.engine.store)
    site.recording.pause()
    assert not site.engine.store.waiting


def stops(central):
    """How often the end of each transaction was reported, each message once."""
    found, seen = {}, []
    for index, (action, payload) in enumerate(central.got):
        if action == "StopTransaction" and central.ids[index] not in seen:
            seen.append(central.ids[index])
            found[payload["transactionId"]] = found.get(payload["transactionId"], 0) + 1
    return found


def cuts(story, certain):
    """Each cut while `story` writes what has waited. Each transaction ends once; of those in `certain`, which were on
    flash before, the end is always reported. Without any, what is in memory when the power goes may be lost."""
    flash = Flash(24)
    flash.format()
    TIME.ms = 0
    recording = Recording(flash, ResumedCentral(), False).play(story)
    scratch, tried = Flash(24), 0
    for index, (moment, image) in enumerate(recording.cuts(24)):
        with Where(index, moment):
            TIME.ms = moment.ms + _DARK_MS
            scratch.data[:] = image
            again = Recording(scratch, ResumedCentral(recording.central, moment), False).play(WAYS[tried % len(WAYS)])
            if certain:
                check(again.central)
            assert len(again.central.transactions) == 2, "a start was told again"
            told = stops(again.central)
            assert all([count == 1 for count in told.values()]), told
            assert all([identity in told for identity in certain]), told
            assert again.site.engine.outbox.queued == 0
        tried += 1
    print("power cut: %d cut points while waiting records are written" % tried)
    assert tried > 20


def test_a_stop_that_waited_is_sent_once():
    cuts(stop_in_memory, (101, 102))


def test_what_was_delivered_from_memory_is_not_sent_again():
    cuts(start_in_memory, ())
