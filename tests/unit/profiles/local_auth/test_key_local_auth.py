"""Configuration keys of the local authorization list: a test for each, named after it (1.6 9.2)."""

from charging import Site
from helpers import folder, raises
from key_rows import NOT_BOOLEAN, fixed, row, shown
from local_list import PROFILES, differential, entry, full, length, on_list, play, version


def test_LocalAuthListEnabled():
    """9.2.1: while it is off, the central system sees no list (5.10: -1) and cannot send one, but the list is kept."""

    async def story(site):
        await full(site, 3, entry("A"))
        await row(site, "LocalAuthListEnabled", "true", ("true", "false"), NOT_BOOLEAN)
        assert await version(site) == -1
        assert await full(site, 4, entry("B")) == "NotSupported"
        assert await differential(site, 4, entry("B")) == "NotSupported" and await full(site, 0) == "NotSupported"
        await site.change(LocalAuthListEnabled="true")
        assert await version(site) == 3 and on_list(site, "A", "B") == ["Accepted", None]

    play(story)


def test_LocalAuthListMaxLength():
    """9.2.2: as many as that, one more fails and changes nothing; what is there can still be changed."""

    async def story(site):
        most = int((await shown(site, "LocalAuthListMaxLength"))[0])
        await fixed(site, "LocalAuthListMaxLength", str(most), "1", "5000")
        at_once = int((await shown(site, "SendLocalListMaxLength"))[0])
        assert most >= 200 and most % at_once == 0
        tags = ["%020d" % (number * 7919 % 100000) for number in range(most)]
        for number in range(0, most, at_once):
            part = [entry(tag, parentIdTag=tag[9:]) for tag in tags[number : number + at_once]]
            assert await differential(site, number + 1, *part) == "Accepted"
        number += 1
        assert length(site) == most
        assert on_list(site, *tags) == ["Accepted " + tag[9:] for tag in tags]
        assert await differential(site, number + 1, entry("ONE MORE")) == "Failed"
        assert await version(site) == number and length(site) == most and on_list(site, "ONE MORE") == [None]
        assert await differential(site, number + 1, entry(tags[0], "Blocked")) == "Accepted"
        assert await differential(site, number + 2, entry("ONE MORE"), entry(tags[1], None)) == "Accepted"
        assert on_list(site, tags[0], tags[1], "ONE MORE") == ["Blocked", None, "Accepted"]
        await site.restart()
        assert length(site) == most and on_list(site, *tags[2:]) == ["Accepted " + tag[9:] for tag in tags[2:]]

    play(story)


def test_SendLocalListMaxLength():
    """9.2.3: one more in a message violates the occurrence of its field (OCPP-J 4.2.3). That so many fit the longest
    message shows tests/e2e/test_local_auth.py."""

    async def story(site):
        most = int((await shown(site, "SendLocalListMaxLength"))[0])
        await fixed(site, "SendLocalListMaxLength", str(most), "1", "5000")
        tags = ["TAG %d" % number for number in range(most + 1)]
        entries = [entry(tag) for tag in tags]
        assert await full(site, 1, *entries) == "OccurenceConstraintViolation" and await version(site) == 0
        assert await full(site, 1, *entries[:most]) == "Accepted" and length(site) == most
        assert await differential(site, 2, *entries) == "OccurenceConstraintViolation" and await version(site) == 1
        deletions = [entry(tag, None) for tag in tags[:most]]
        assert await differential(site, 2, *deletions) == "Accepted" and await version(site) == 0

    play(story)


def test_the_figures_are_not_the_owners_to_choose():
    for name in ("LocalAuthListMaxLength", "SendLocalListMaxLength"):
        error = raises(ValueError, lambda name=name: Site(folder("keys"), keys={name: "10"}, profiles=PROFILES))
        assert name in str(error)
