"""A charge point over littlefs that is full or cannot be written, for the tests of storage."""

import asyncio
import os
import vfs

from central_system import TIME
from charging import Site, load
from flash import Flash
from helpers import finish, replaced

from ocpp import log

FOLDER = "/flash/site"
BILLING = ("StartTransaction", "StopTransaction")


class Errors:
    """Stands in for log.error; keeps the lines that begin with `text`."""

    def __init__(self, text):
        self.text, self.lines = text, []

    def __call__(self, text, *args):
        if text.startswith(self.text):
            self.lines.append(text % args if args else text)


def mounted(blocks=24):
    """A fresh Flash at /flash."""
    flash = Flash(blocks)
    flash.format()
    flash.mount()
    os.mkdir(FOLDER)
    return flash


def fill():
    """Leave no room: no block, and none beside the names of the store, where littlefs keeps small files."""
    with open("/flash/other", "wb") as file:
        for size in (4096, 256):
            try:
                while file.write(bytes(size)):
                    file.flush()
            except OSError:
                pass
    try:
        for index in range(2000):
            with open("%s/other%d" % (FOLDER, index), "wb") as file:
                file.write(bytes(16))
    except OSError:
        pass


def empty():
    """There is room again."""
    for path in ("/flash", FOLDER):
        for name in os.listdir(path):
            if name.startswith("other"):
                os.remove(path + "/" + name)


def lock(flash, locked):
    """Make flash read-only or, again, writable."""
    vfs.umount("/flash")
    vfs.mount(vfs.VfsLfs2(flash), "/flash", readonly=locked)


def play(story, start=True, **options):
    """Run `story(site)` over what is mounted; see charging.play()."""
    asyncio.new_event_loop()
    TIME.ms = 0
    log.configure("error")

    async def main():
        site = Site(FOLDER, boot=start, **options)
        if start:
            await site.start()
        await story(site)
        site.stop()

    errors = Errors("storage cannot be written")
    with replaced(log, error=errors, exception=log.exception):
        asyncio.run(finish(main()))
    return errors.lines


async def session(site, id_tag="A", number=1):
    """A whole session; the payloads of what was reported of it."""
    await site.charge(id_tag, number)
    await site.wait(61)
    await site.card(id_tag, number)
    await site.run(2000)
    site.board.plug(number, False)
    await site.run(1000)


def billing(site):
    """What the central system got, each message once: (action, idTag or transactionId, reason or None)."""
    got, seen = [], []
    for index, (action, payload) in enumerate(site.central.got):
        if action in BILLING and site.central.ids[index] not in seen:
            seen.append(site.central.ids[index])
            if action == "StartTransaction":
                got.append((action, payload["idTag"], None))
            else:
                got.append((action, payload["transactionId"], payload["reason"]))
    return got


def of_session(id_tag, identity, reason="Local"):
    return [("StartTransaction", id_tag, None), ("StopTransaction", identity, reason)]


def room(site):
    """The store notices that there is room."""
    load("ocpp.store.flush").write_all(site.engine.store)
