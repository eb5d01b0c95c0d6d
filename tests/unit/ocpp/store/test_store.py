"""Records that survive a power cut at any write."""

import os

from helpers import folder
from ocpp.store import Store


def _damage(path, text):
    with open(path, "wb") as file:
        file.write(text)


def test_what_was_saved_is_loaded():
    path = folder("store")
    Store(path).save("keys", {"a": [1, "ü", None]})
    assert Store(path).load("keys") == {"a": [1, "ü", None]}
    assert Store(path).load("other", 7) == 7


def test_newest_generation_wins_over_many_saves():
    path = folder("store")
    store = Store(path)
    for number in range(5):
        store.save("n", number)
        assert Store(path).load("n") == number
    assert store.writes == 5


def test_torn_record_falls_back_to_the_generation_before():
    path = folder("store")
    store = Store(path)
    store.save("n", "old")
    store.save("n", "new")
    whole = open(path + "/n.1", "rb").read()
    for length in range(len(whole)):
        _damage(path + "/n.1", whole[:length])
        assert Store(path).load("n") == "old"
    _damage(path + "/n.1", whole[:-2] + b"X" + whole[-1:])
    assert Store(path).load("n") == "old"


def test_foreign_files_give_the_default_and_can_be_replaced():
    path = folder("store")
    _damage(path + "/n.0", b"\xff\xfe garbage")
    _damage(path + "/n.1", b"")
    store = Store(path)
    assert store.load("n", "default") == "default"
    store.save("n", 1)
    assert Store(path).load("n") == 1


def test_remove_leaves_nothing():
    path = folder("store")
    store = Store(path)
    store.save("n", 1)
    store.save("n", 2)
    Store(path).remove("n")
    assert os.listdir(path) == []
    assert Store(path).load("n") is None


def test_folders_are_made():
    path = folder("store") + "/a/b"
    Store(path).save("n", 1)
    assert Store(path).load("n") == 1
