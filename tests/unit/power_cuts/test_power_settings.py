# micropython only: it has littlefs
"""A power cut at each block operation of changes of configuration, availability and authorization cache: each of them
is as before or as asked for, and as asked for once the central system was informed."""

from power_cuts import Cuts

from memory import load

FIRST = {
    "MeterValueSampleInterval": "60",
    "ConnectionTimeOut": "60",
    "StopTxnSampledData": "Energy.Active.Import.Register",
    "connector 2": True,
    "card X": None,
}


async def settings(site):
    """A charges all the while."""
    await site.start()
    await site.charge("A", 1)
    await configure(site, "MeterValueSampleInterval", "30")
    await configure(site, "StopTxnSampledData", "Energy.Active.Import.Register,Power.Active.Import")
    await available(site, "Inoperative")
    await configure(site, "ConnectionTimeOut", "90")
    await site.wait(31)
    await configure(site, "MeterValueSampleInterval", "40")
    await available(site, "Operative")
    await cache(site)
    await site.wait(41)
    await site.card("A", 1)
    await site.run(2000)


async def change(site, name, value, asking):
    recording = site.recording
    recording.asked.append((name, value))
    await asking
    recording.granted = len(recording.asked)


async def configure(site, key, value):
    await change(site, key, value, site.change(**{key: value}))


async def available(site, kind):
    asking = site.central.ask("ChangeAvailability", connectorId=2, type=kind)
    await change(site, "connector 2", kind == "Operative", asking)


async def cache(site):
    """Card X is accepted, then blocked; the cache forgets it with all the others."""
    for status in ("Accepted", "Blocked"):
        site.central.answers["Authorize"] = {"idTagInfo": {"status": status, "parentIdTag": "P"}}
        await change(site, "card X", (status, "P"), site.card("X", 2))
        await site.card("X", 2)
        await site.wait(41)
    await change(site, "card X", None, site.central.ask("ClearCache"))


async def read(site):
    """What holds after the recovery."""
    keys = (await site.central.ask("GetConfiguration", key=[name for name in FIRST if " " not in name]))
    site.recording.found = {element["key"]: element["value"] for element in keys["configurationKey"]}
    site.recording.found["connector 2"] = site.core.connectors[1].operative
    site.recording.found["card X"] = load("profiles.core.cache").lookup(site.engine, "X")


def old_or_new(asked, moment, found):
    """`asked`: what the story asked for, in this order."""
    for name, first in FIRST.items():
        values = [first] + [value for index, (key, value) in enumerate(asked) if key == name and index < moment.granted]
        open_ones = [value for key, value in asked[moment.granted : moment.asked] if key == name]
        assert found[name] in [values[-1]] + open_ones, (name, found[name], values, open_ones)


def test_power_cut_while_settings_change():
    cuts = Cuts(settings, read)
    asked = cuts.recording.asked
    cuts.all(lambda moment, recording: old_or_new(asked, moment, recording.found))
    assert cuts.tried >= 200
