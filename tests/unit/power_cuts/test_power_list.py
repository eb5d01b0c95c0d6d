# micropython only: it has littlefs
"""The local authorization list when the power goes at a block operation, when the flash fails at one, and when it is
full: it is the old one or the new one as a whole, and the new one once the central system was informed (1.6 3.5.2)."""

import os

from flash import Flash
from local_list import PROFILES, differential, entry, full, on_list, version
from power_cuts import Cuts, Recording, ResumedCentral

TAGS = ["TAG%03d" % number for number in range(120)]


async def play_list(site):
    """A charges all the while; each change is noted with what the list is then."""
    await site.start()
    await site.charge("A", 1)
    await change(site, full, 5, {tag: "Accepted" for tag in TAGS[:20]})
    for at in range(20, len(TAGS), 20):
        await change(site, differential, at, {tag: "Blocked" for tag in TAGS[at : at + 20]})
    await change(site, differential, 200, {tag: None for tag in TAGS[20:40]})
    await site.wait(61)
    await change(site, full, 4, {"X": "Accepted"})
    await change(site, full, 3, {})
    await change(site, differential, 1, {"Y": "Expired"})
    await change(site, differential, 2, {"Y": None})
    await site.card("A", 1)
    await site.run(2000)


async def change(site, send, number, statuses):
    recording = site.recording
    before = recording.asked[-1][1] if recording.asked and send is differential else {}
    after = dict(before, **statuses)
    after = {tag: status for tag, status in after.items() if status}
    recording.asked.append((number if after else 0, after))
    assert await send(site, number, *[entry(tag, status) for tag, status in statuses.items()]) == "Accepted"
    recording.granted = len(recording.asked)


async def read(site):
    """What holds after the recovery."""
    tags = TAGS + ["X", "Y"]
    found = {tag: status for tag, status in zip(tags, on_list(site, *tags)) if status}
    site.recording.found = (await version(site), found)


def test_power_cut_while_the_list_changes():
    cuts = Cuts(play_list, read, profiles=PROFILES)
    asked = [(0, {})] + cuts.recording.asked

    def old_or_new(moment, recording):
        found = recording.found
        assert found in asked[moment.granted : moment.asked + 1], (moment.granted, moment.asked, found[0])
        assert "list.new" not in os.listdir(recording.site.path)

    cuts.all(old_or_new, every=5)
    assert cuts.tried >= 120


def on_flash(story, flash=None):
    """Play `story(site)` over a new flash."""
    flash = flash or Flash()
    flash.format()
    Recording(flash, ResumedCentral(), False, PROFILES).play(story)
    flash.each = None


def test_flash_fails_at_each_operation():
    """Failed, and the list is what it was; Accepted when it could be done after all, as never by halves."""

    async def story(site):
        await site.start()
        flash = site.recording.flash
        await full(site, 1, *[entry(tag) for tag in TAGS[:20]])
        answers = []
        while "Accepted" not in answers:
            left = [len(answers)]

            def fail(address, data, left=left):
                left[0] -= 1
                return left[0] >= 0

            flash.each = fail
            answers.append(await differential(site, 2, entry(TAGS[0], "Blocked"), entry(TAGS[60])))
            flash.each = None
            new = answers[-1] == "Accepted"
            assert on_list(site, TAGS[0], TAGS[60]) == (["Blocked", "Accepted"] if new else ["Accepted", None])
            assert await version(site) == (2 if new else 1)
        assert answers[:-1] == ["Failed"] * (len(answers) - 1) and len(answers) > 10
        await site.restart()
        assert await version(site) == 2 and on_list(site, *TAGS[1:20]) == ["Accepted"] * 19

    on_flash(story)


def test_flash_is_full():
    """Failed, nothing is left of the new list, and what bills still has its place."""

    async def story(site):
        await site.start()
        with open(site.path + "/other", "wb") as file:
            for _ in range((os.statvfs(site.path)[3] - 6) * 8):
                file.write(bytes(512))
        tags = ["%020d" % number for number in range(500)]
        for at in range(0, len(tags), 20):
            answer = await differential(site, at + 1, *[entry(tag) for tag in tags[at : at + 20]])
            if answer != "Accepted":
                break
        assert answer == "Failed" and at >= 100 and await version(site) == at - 19
        assert on_list(site, *tags) == ["Accepted"] * at + [None] * (500 - at)
        assert "list.new" not in os.listdir(site.path)
        await site.charge("A", 1)
        await site.card("A", 1)
        await site.run(2000)
        assert len(site.central.of("StopTransaction")) == 1
        os.remove(site.path + "/other")
        assert await differential(site, at + 1, entry("X")) == "Accepted" and on_list(site, "X") == ["Accepted"]

    on_flash(story)


class Counting(Flash):
    """Counts the bytes that are read."""

    read = 0

    def readblocks(self, block, buffer, offset=0):
        self.read += len(buffer)
        super().readblocks(block, buffer, offset)


def test_a_look_up_reads_little_of_the_longest_list():
    async def story(site):
        await site.start()
        tags = ["%08X" % (index * 40503 & 0xFFFFFF) for index in range(site.engine.keys["LocalAuthListMaxLength"])]
        for at in range(0, len(tags), 20):
            assert await differential(site, at + 1, *[entry(tag) for tag in tags[at : at + 20]]) == "Accepted"
        most = 0
        for tag in tags:
            before = site.recording.flash.read
            assert on_list(site, tag) == ["Accepted"]
            most = max(most, site.recording.flash.read - before)
        print("look-up among %d: at most %d bytes of flash are read" % (len(tags), most))
        assert most <= 8192

    on_flash(story, Counting(48))
