"""What keys may hold, and how they are shown (1.6 5.3, 5.8, 9)."""

from helpers import folder, raises
from ocpp.keys import Keys
from ocpp.store import Store


class Flash(Store):
    """A store of its own that holds `texts`, and counts the writes after that."""

    count = 0

    def __init__(self, texts=None):
        Flash.count += 1
        super().__init__(folder("keys%d" % Flash.count))
        self.save("keys", texts or {})
        self.writes = 0


def _even(text):
    return text.isdigit() and int(text) % 2 == 0


def declarations():
    return (
        ("Number", "RW", "i", "5", (-10, 10)),
        ("Even", "RW", "s", "2", _even),
        ("EvenList", "RW", "l", "2", _even),
        ("Flag", "RW", "b", "true", None),
        ("AnyList", "RW", "l", "", None),
        ("List", "RW", "l", "a", ("a", "b")),
        ("Text", "RW", "s", "x", (1, 3)),
        ("Fixed", "R", "i", "1", (0, 9)),
        ("Secret", "W", "s", "", (0, 9)),
        ("Late", "RW!", "s", "old", (0, 9)),
    )


def made(texts=None):
    keys = Keys(Flash(texts), {})
    keys.declare("test_key_values")
    return keys


def test_what_is_allowed():
    for name, good, bad in (
        ("Number", ("-10", "0", "10", "007", "-0"), ("11", "-11", "1.0", "+1", "", " 1", "1e1", "--1", "0x1")),
        ("Flag", ("true", "FALSE", "True"), ("1", "yes", "")),
        ("Even", ("0", "44"), ("3", "", "two")),
        ("EvenList", ("4",), ("4,4",)),
        ("AnyList", ("", "a", "a,b , c"), ()),
        ("List", ("", "b", "a,b", "b, a", ",a,,"), ("c", "a,c", "A")),
        ("Text", ("a", "äöü"), ("", "abcd")),
        ("Secret", ("x", ""), ("0123456789",)),
    ):
        keys = made()
        for text in good:
            assert keys.change(name, text) == "Accepted", (name, text)
        for text in bad:
            before = keys[name]
            assert keys.change(name, text) == "Rejected" and keys[name] == before, (name, text)


def test_values_have_their_type():
    keys = made()
    assert (keys["Number"], keys["Flag"], keys["List"], keys["Text"]) == (5, True, ["a"], "x")
    keys.change("AnyList", "a, b ,c")
    assert keys["AnyList"] == ["a", "b", "c"]


def test_how_they_are_shown():
    keys = made({"Flag": "FALSE", "Late": "new", "AnyList": "a , b"})
    shown = {element["key"]: (element["value"], element["readonly"]) for element in keys.shown()}
    assert len(shown) == 9 and "Secret" not in shown, "what may only be written is never told"
    assert shown["Flag"] == ("false", False) and shown["Fixed"] == ("1", True)
    assert shown["AnyList"] == ("a,b", False)
    assert shown["Late"] == ("new", False) and keys["Late"] == "new", "in effect since the start"
    assert [element["key"] for element in keys.shown(["number", "secret", "x"])] == ["Number"]


def test_a_change_for_after_the_reboot_is_shown_already():
    keys = made()
    assert keys.change("Late", "new") == "RebootRequired"
    assert keys["Late"] == "old" and list(keys.shown(["late"]))[0]["value"] == "new"


def test_the_same_value_is_not_written_again():
    flash = Flash()
    keys = Keys(flash, {})
    keys.declare("test_key_values")
    for _ in range(3):
        assert keys.change("Number", "7") == "Accepted"
    assert flash.writes == 1 and keys.changes == 1


def test_two_charge_points_do_not_share_what_is_kept():
    one, other = made(), made()
    one.change("Number", "1")
    other.change("Number", "2")
    one.change("Flag", "false")
    assert (one["Number"], other["Number"], other["Flag"]) == (1, 2, True)
    assert list(one.shown(["number"]))[0]["value"] == "1"


def test_a_first_value_that_will_not_do_tells_what_would():
    for name, text, words in (
        ("number", "11", "ocpp.Number: '11' is not an integer from -10 to 10"),
        ("Flag", "on", "ocpp.Flag: 'on' is not true or false"),
        ("List", "a,c", "ocpp.List: 'a,c' is not a list of a, b (unknown: c)"),
        ("Text", "", "ocpp.Text: '' is not a text of 1 to 3 characters"),
        ("Even", "1", "ocpp.Even: '1' is not a valid Even"),
    ):
        keys = Keys(Flash(), {name: text})
        assert str(raises(ValueError, keys.declare, "test_key_values")) == words
