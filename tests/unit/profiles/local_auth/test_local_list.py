"""SendLocalList and GetLocalListVersion (1.6 3.5.2, 5.10, 5.15, 6.41, 7.1, 7.47, E 3.52)."""

import os

from local_list import differential, entry, full, length, on_list, play, version


def test_1_6_3_5_2_the_worked_example():
    """Figures 3 and 4: a full list 234, then the changes of 239: one is new, one changed, one deleted."""

    async def story(site):
        assert await version(site) == 0
        assert await full(site, 234, entry("C"), entry("A", parentIdTag="P"), entry("B", "Blocked")) == "Accepted"
        assert await version(site) == 234
        assert on_list(site, "A", "B", "C", "D") == ["Accepted P", "Blocked", "Accepted", None]
        changes = entry("D", "Invalid"), entry("A", "Expired", parentIdTag="Q"), entry("C", None)
        assert await differential(site, 239, *changes) == "Accepted"
        for _ in range(2):
            assert await version(site) == 239 and length(site) == 3
            assert on_list(site, "A", "B", "C", "D") == ["Expired Q", "Blocked", None, "Invalid"]
            await site.restart()

    play(story)


def test_a_full_list_replaces_what_was_there():
    """Whatever its version, for only a differential update has to be newer (7.47)."""

    async def story(site):
        for number, tags in ((5, "ABC"), (5, "BD"), (3, "E"), (-7, "A"), (2000000000, "AB")):
            assert await full(site, number, *[entry(tag) for tag in tags]) == "Accepted"
            assert await version(site) == number
            assert on_list(site, *"ABCDE") == ["Accepted" if tag in tags else None for tag in "ABCDE"]

    play(story)


def test_5_10_an_empty_list_has_the_version_0():
    """6.41: a full update without identifications, or with none, removes all; a differential one changes nothing."""

    async def story(site):
        async def nothing(number, kind):
            return (await site.central.ask("SendLocalList", listVersion=number, updateType=kind))["status"]

        for empty in (lambda: full(site, 9), lambda: nothing(9, "Full")):
            assert await full(site, 8, entry("A"), entry("B")) == "Accepted"
            assert await empty() == "Accepted"
            assert await version(site) == 0 and on_list(site, "A", "B") == [None, None]
        await site.restart()
        assert await differential(site, 4) == "Accepted" and await version(site) == 0
        assert await differential(site, 1, entry("A")) == "Accepted" and await version(site) == 1
        assert await differential(site, 2) == "Accepted" and await nothing(3, "Differential") == "Accepted"
        assert await version(site) == 3 and on_list(site, "A") == ["Accepted"]
        assert await differential(site, 4, entry("A", None)) == "Accepted" and await version(site) == 0

    play(story)


def test_7_47_a_differential_update_has_to_be_newer():
    async def story(site):
        for number in (0, -1, -5):
            assert await differential(site, number, entry("A")) == "VersionMismatch"
        assert await version(site) == 0 and on_list(site, "A") == [None]
        await full(site, 7, entry("A"))
        for number in (7, 6, 1, 0, -1, -2000000000):
            assert await differential(site, number, entry("A", None), entry("B")) == "VersionMismatch"
            assert await version(site) == 7 and on_list(site, "A", "B") == ["Accepted", None]
        assert await differential(site, 8, entry("B")) == "Accepted"

    play(story)


def test_E_3_52_a_list_is_never_version_0_or_minus_1():
    async def story(site):
        await full(site, -9, entry("A"))
        for number in (0, -1):
            assert await full(site, number, entry("B")) == "PropertyConstraintViolation"
            assert await differential(site, number, entry("B")) == "PropertyConstraintViolation"
        assert await version(site) == -9 and on_list(site, "A", "B") == ["Accepted", None]

    play(story)


def test_6_41_an_idTag_may_be_there_once():
    """In any case of letters (E 3.74), and wherever in the list; what there is stays as it is."""

    async def story(site):
        await full(site, 1, entry("A"))
        for first, second in (("B", "B"), ("Tag", "tAG"), ("A", "a")):
            twice = entry(first), entry("C"), entry(second)
            assert await full(site, 2, *twice) == "Failed"
            assert await differential(site, 2, *twice) == "Failed"
            assert await differential(site, 2, entry(first, None), entry(second)) == "Failed"
        assert await version(site) == 1 and on_list(site, *"ABC") == ["Accepted", None, None]

    play(story)


def test_7_1_a_full_list_has_idTagInfo_everywhere():
    async def story(site):
        await full(site, 1, entry("A"))
        assert await full(site, 2, entry("B"), entry("A", None)) == "Failed"
        assert await version(site) == 1 and on_list(site, "A", "B") == ["Accepted", None]

    play(story)


def test_to_delete_what_is_not_there_is_no_error():
    async def story(site):
        assert await differential(site, 1, entry("A", None)) == "Accepted" and await version(site) == 0
        await full(site, 1, entry("B"))
        changes = entry("A", None), entry("C", None), entry("a-", None)
        assert await differential(site, 2, *changes) == "Accepted"
        assert await version(site) == 2 and on_list(site, *"ABC") == [None, "Accepted", None]

    play(story)


def test_E_3_74_identifiers_in_any_case():
    async def story(site):
        await full(site, 1, entry("aBc", parentIdTag="Group"), entry("XYZ"))
        assert on_list(site, "AbC", "xyz", "ab", "abcd") == ["Accepted Group", "Accepted", None, None]
        await differential(site, 2, entry("ABC", "Blocked"), entry("xyz", None))
        assert length(site) == 1 and on_list(site, "abc", "XYZ") == ["Blocked", None]

    play(story)


def test_identifiers_of_all_lengths_and_kinds():
    """E 3.58: 20 characters are the most; printable ASCII is what they are made of (7.15)."""

    async def story(site):
        tags = ["1", "12", "a b", "", "~" * 20, "x" * 19, "x" * 20, '{"\\}', " "]
        assert await full(site, 1, *[entry(tag, parentIdTag=tag) for tag in tags]) == "Accepted"
        assert on_list(site, *tags) == [" ".join([text for text in ("Accepted", tag) if text]) for tag in tags]
        assert on_list(site, "x" * 21, "x" * 18, "\u00e9") == [None] * 3
        for wrong in ("x" * 21, "\u00e9", "\u20ac" * 20, "a\0", "tab\t"):
            assert await full(site, 2, entry(wrong)) == "PropertyConstraintViolation", wrong
            assert await differential(site, 2, entry(wrong, None)) == "PropertyConstraintViolation", wrong
            assert await full(site, 2, entry("A", parentIdTag=wrong)) == "PropertyConstraintViolation", wrong
        assert await version(site) == 1 and length(site) == len(tags)

    play(story)


def test_what_breaks_the_schema_changes_nothing():
    """The code of the error, and all but the first of what is sent."""

    async def story(site):
        await full(site, 1, entry("A"))
        ask = site.central.ask
        good = {"listVersion": 2, "updateType": "Full", "localAuthorizationList": []}
        for name, value, code in (
            ("updateType", "Partial", "PropertyConstraintViolation"),
            ("listVersion", "2", "TypeConstraintViolation"),
            ("listVersion", 2.5, "TypeConstraintViolation"),
            ("localAuthorizationList", None, "TypeConstraintViolation"),
            ("localAuthorizationList", entry("B"), "TypeConstraintViolation"),
            ("localAuthorizationList", [entry("B"), "C"], "TypeConstraintViolation"),
            ("localAuthorizationList", [{"idTagInfo": {"status": "Accepted"}}], "ProtocolError"),
            ("localAuthorizationList", [{"idTag": "B", "idTagInfo": {}}], "ProtocolError"),
            ("localAuthorizationList", [entry("B", "Welcome")], "PropertyConstraintViolation"),
            ("localAuthorizationList", [entry("B", expiryDate="soon")], "PropertyConstraintViolation"),
            ("localAuthorizationList", [entry("B", groupIdTag="G")], "FormationViolation"),
            ("localAuthorisationList", [], "FormationViolation"),
        ):
            assert await ask("SendLocalList", **dict(good, **{name: value})) == code, (name, value)
        assert await ask("SendLocalList", updateType="Full") == "ProtocolError"
        assert await ask("GetLocalListVersion", listVersion=1) == "FormationViolation"
        assert await version(site) == 1 and on_list(site, "A", "B") == ["Accepted", None]

    play(story)


def test_the_same_list_again_spares_the_flash():
    async def story(site):
        await full(site, 1, entry("A"), entry("B", expiryDate="2030-01-01T00:00:00Z"))
        writes = site.engine.store.writes
        again = entry("b", expiryDate="2030-01-01T01:00:00+01:00"), entry("a")
        assert await full(site, 1, *again) == "Accepted" and site.engine.store.writes == writes
        assert await full(site, 2, *again) == "Accepted" and await version(site) == 2
        assert await full(site, 2, again[0], entry("a", "Blocked")) == "Accepted"
        assert on_list(site, "A") == ["Blocked"]

    play(story)


def test_a_damaged_list_is_none():
    """The central system sees by the version that it has to be sent again. What a power cut has left goes."""

    async def story(site):
        path = site.engine.store.path + "/"
        for damage in ("byte", "cut", "foot", "rubbish", "empty"):
            await full(site, 5, *[entry("TAG%d" % number) for number in range(20)])
            with open(path + "list", "rb") as file:
                whole = file.read()
            broken = {"byte": whole[:100] + b"X" + whole[101:], "cut": whole[:500], "foot": whole[:-64] + b"x" * 64,
                      "rubbish": b"9 9 9", "empty": b""}[damage]
            for name in ("list", "list.new"):
                with open(path + name, "wb") as file:
                    file.write(broken)
            await site.restart()
            assert await version(site) == 0 and on_list(site, "TAG7", "TAG29") == [None, None], damage
            assert "list.new" not in os.listdir(path)
            assert await differential(site, 1, entry("A")) == "Accepted" and on_list(site, "A") == ["Accepted"]

    play(story)
