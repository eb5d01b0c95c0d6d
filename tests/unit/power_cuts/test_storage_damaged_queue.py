"""What is damaged or missing of the queue of messages after a restart is logged, and the rest is delivered."""

import os

from damaged_storage import KEYS, WAYS, back, damaged, files, offline, spoil


def test_the_only_file_of_the_queue():
    for way in WAYS:

        async def story(site, lines, way=way):
            await offline(site, 1)
            (name,) = files(site, "queue.")
            way(name)
            await back(site, lines)
            assert lines.of("missing") or lines.of("torn"), (way, lines.got)
            before = len(site.central.of("StopTransaction"))
            await site.charge("NEXT")
            await site.card("NEXT", 1)
            await site.run(2000)
            assert len(site.central.of("StopTransaction")) == before + 1
            del lines.got[:]
            await site.restart()
            assert not lines.of("missing"), ("it is told once", lines.got)

        damaged(story, keys=KEYS)


def read_all(folder):
    """What is on flash: name -> bytes."""
    kept = {}
    for name in os.listdir(folder):
        with open(folder + "/" + name, "rb") as file:
            kept[name] = file.read()
    return kept


def write_all(folder, kept):
    """Flash is again as it was when read_all() gave `kept`."""
    for name in os.listdir(folder):
        os.remove(folder + "/" + name)
    for name, text in kept.items():
        with open(folder + "/" + name, "wb") as file:
            file.write(text)


def test_each_of_several_files_of_the_queue():
    async def story(site, lines):
        await offline(site, 12, 100)
        kept = read_all(site.path)
        names = sorted([name for name in kept if name.startswith("queue.")], key=lambda name: int(name.split(".")[-1]))
        assert len(names) >= 4
        for index in (0, 1, 2, -1):
            for way in WAYS:
                write_all(site.path, kept)
                del site.central.got[:], site.central.ids[:]  # the heap of MicroPython is small
                way(site.path + "/" + names[index])
                await back(site, lines)
                assert lines.of("missing") or lines.of("torn"), (index, way, lines.got)
                del lines.got[:]
                await site.restart()
                assert not lines.of("missing"), lines.got

    damaged(story, keys=KEYS)


def test_no_error_is_logged_for_a_queue_that_is_whole():
    async def story(site, lines):
        for sessions in (1, 3, 6):
            await offline(site, sessions, 40)
            site.boot = False
            await site.restart()
            assert not lines.got, lines.got
            await back(site, lines)
            assert not lines.got, lines.got

    damaged(story, keys=KEYS)


def test_the_head_of_the_queue():
    """Its older version is taken; without any the log says that messages may come twice."""

    async def story(site, lines):
        await offline(site, 1)
        for name in files(site, "outbox."):
            spoil(name)
        await back(site, lines)
        assert lines.of("head of the queue"), lines.got
        assert [payload["idTag"] for payload in site.central.of("StartTransaction")] == ["CARD0"]

    damaged(story, keys=KEYS)
