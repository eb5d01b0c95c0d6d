"""Files that are damaged while the charge point is off, and what it logs of them after the start."""

import os

from charging import play, until
from helpers import replaced

from ocpp import log

KEYS = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "5", "ConnectionTimeOut": "0",
        "StopTxnSampledData": "Energy.Active.Import.Register"}


class Lines:
    """Stands in for log.warning and log.error, and keeps their lines."""

    def __init__(self):
        self.got = []

    def __call__(self, text, *args):
        self.got.append(text % args if args else text)

    def of(self, text):
        return [line for line in self.got if text in line]


def damaged(story, **options):
    """Run `story(site, lines)`."""
    lines = Lines()

    async def told(site):
        await story(site, lines)

    with replaced(log, warning=lines, error=lines):
        play(told, **options)


def files(site, prefix):
    return [site.path + "/" + name for name in os.listdir(site.path) if name.startswith(prefix)]


def spoil(path):
    """Change a byte in the middle."""
    with open(path, "rb") as file:
        text = bytearray(file.read())
    text[len(text) // 2] ^= 1
    with open(path, "wb") as file:
        file.write(text)


def clear(path):
    with open(path, "wb"):
        pass


WAYS = (spoil, clear, os.remove)


async def offline(site, sessions, seconds=31):
    """Whole sessions that nobody hears of."""
    site.central.lose()
    for number in range(sessions):
        await site.charge("CARD%d" % number)
        await site.wait(seconds)
        await site.card("CARD%d" % number, 1)
        await site.run(2000)
        site.board.plug(1, False)
        await site.run(1000)


async def back(site, lines):
    """A restart, with a central system again; the lines of the start only."""
    del lines.got[:]
    site.central.connected = site.boot = True
    await site.restart()
    await until(lambda: site.engine.outbox.queued == 0)
    await site.settle()
