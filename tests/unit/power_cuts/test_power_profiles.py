# micropython only: it has littlefs
"""A power cut at each block operation while charging profiles are set, replaced and cleared, and end with a
transaction: each place is as before or as asked for, as asked for once the central system was informed (E 3.37)."""

from power_cuts import Cuts
from charging_profiles import clear, for_transaction, maximum, profile, put

from memory import load
from profiles.smart_charging import SmartCharging


async def change(site, before, after, asking):
    """From one list of limits on flash to another."""
    site.recording.asked.append((before, after))
    assert await asking == "Accepted"
    site.recording.granted = len(site.recording.asked)


async def story(site):
    await site.start()
    await change(site, [], [20], put(site, 0, maximum(20)))
    await change(site, [20], [21], put(site, 0, maximum(21)))
    await change(site, [21], [12, 21], put(site, 1, profile(12, id=2)))
    await change(site, [12, 21], [14, 21], put(site, 1, profile(14, id=2, level=3)))
    await change(site, [14, 21], [15, 21], put(site, 1, profile(15, id=4, level=3)))
    await site.charge("A", 1)
    await change(site, [15, 21], [9, 15, 21], put(site, 1, for_transaction(9, id=5)))
    await change(site, [9, 15, 21], [9, 21], clear(site, id=4))
    site.recording.asked.append(([9, 21], [21]))
    await site.card("A", 1)
    await site.run(2000)
    site.recording.granted = len(site.recording.asked)
    await change(site, [21], [], clear(site))


def test_power_cut_while_profiles_change():
    async def read(site):
        stored, store = load("profiles.smart_charging.stored"), site.engine.store
        site.recording.found = sorted([stored.read(site.engine, key)[7][1] // 10 for key in stored.index(store)])

    def old_or_new(moment, recording):
        steps = cuts.recording.asked
        allowed = [steps[moment.granted - 1][1] if moment.granted else []]
        allowed += [after for _, after in steps[moment.granted : moment.asked]]
        # Where the cars have gone the transaction has ended, and its profile with it.
        allowed += [[limit for limit in limits if limit != 9] for limits in allowed]
        assert recording.found in allowed, (recording.found, allowed)

    cuts = Cuts(story, read, profiles=(SmartCharging,))
    cuts.all(old_or_new)
    assert cuts.tried >= 150
