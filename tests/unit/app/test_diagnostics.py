"""The text for GetDiagnostics: what is in it, for which time, and what is left of it afterwards."""

import json
import os

from app import diagnostics, starts
from charging import play
from helpers import folder

from ocpp import log
from ocpp.clock import iso
from ocpp.log import writing
from ocpp.log.ring import Ring

SECRET = "hush-hush"
CONFIG = {"charge_point": {"id": "CP 1"}, "csms": {"url": "ws://h", "authorization_key": SECRET}, "web": {"port": 80}}
HEADINGS = ("diagnostics", "status", "open transactions", "starts", "config.json", "configuration keys", "log")


class Point:
    """As much of a charge point as the diagnostics know; with a log that is kept, of some minutes."""

    id, wifi, heap = "CP 1", None, [1, 2]

    def __init__(self, site):
        self.engine, self.core, self.safety = site.engine, site.core, site.safety
        self.path = folder("diagnostics") + "/config.json"
        with open(self.path, "w") as file:
            json.dump(CONFIG, file)
        self.began = self.engine.clock.now()
        log.kept = writing.begin(Ring(), folder("log"), 8)
        for minute in range(4):
            log.kept.add("%s INFO minute %d" % (iso(self.began + 60 * minute), minute), 1)
        self.temporary = self.engine.store.path + "/diagnostics.txt"

    def text(self, *bounds):
        """What a reader gets, in small pieces; None for nothing."""
        source = diagnostics.source(self, *bounds)
        if source is None:
            return None
        read = []
        for _ in range(2):
            source.rewind()
            buffer, data = bytearray(100), b""
            while True:
                count = source.readinto(buffer)
                if not count:
                    break
                data += buffer[:count]
            read.append(data)
        assert read[0] == read[1] and len(data) == source.size
        assert source.name.startswith("CP_1-20") and source.name.endswith("Z.txt")
        source.close()
        return data.decode()


def told(story):
    """Play `async def story(site, point)`."""

    async def whole(site):
        try:
            await story(site, Point(site))
        finally:
            log.kept = None

    play(whole)


def there(path):
    try:
        return bool(os.stat(path))
    except OSError:
        return False


def test_all_is_in_it_but_secrets():
    async def story(site, point):
        starts.note(site.engine, None)
        starts.note(site.engine, "MemoryError()\nforged")
        await site.charge("CARD1")
        text = point.text()
        assert SECRET not in text and '"authorization_key": "***"' in text
        places = [text.index("--- %s\n" % heading) for heading in HEADINGS]
        assert places == sorted(places) and text.endswith(" INFO minute 3\n")
        assert '"idTag": "CARD1"' in text and "0 messages in the queue" in text
        assert "2 so far, the newest:" in text and "the last run ended: MemoryError()\\nforged\n" in text
        assert "HeartbeatInterval = 3600\n" in text
        assert not there(point.temporary)

    told(story)


def test_of_a_time_its_lines_only_and_nothing_if_there_are_none():
    async def story(site, point):
        text = point.text(point.began + 30, point.began + 130)
        assert "minute 1\n" in text and "minute 2\n" in text and "minute 0" not in text and "minute 3" not in text
        assert point.text(point.began + 181, None) is None
        assert point.text(None, point.began - 1) is None
        assert point.text(point.began + 180, None).endswith("minute 3\n")
        log.kept = None
        assert point.text(point.began, None) is None
        assert "none is kept" in point.text()

    told(story)


def test_its_name_is_known_before_it_is_made():
    async def story(site, point):
        bounds = point.began + 30, point.began + 130
        for of_security, made in ((False, diagnostics.source), (True, diagnostics.security)):
            if of_security:
                log.security = log.kept
            for times in ((None, None), bounds, (point.began + 181, None)):
                source = made(point, *times)
                assert diagnostics.name(point, *times, of_security) == (source and source.name), times
                if source:
                    source.close()
        log.security = None
        assert diagnostics.name(point, None, None, True) is None and not there(point.temporary)

    told(story)


def test_it_is_made_in_memory_when_flash_is_full():
    async def story(site, point):
        whole = point.text()
        site.engine.store.path += "/missing"
        text = point.text()
        # What is counted has changed: files that were written.
        assert [line for line in text.split("\n") if "heap_free" not in line] == [
            line for line in whole.split("\n") if "heap_free" not in line
        ]

    told(story)


def test_a_configuration_that_cannot_be_read_shows_nothing_of_itself():
    async def story(site, point):
        for content in ('{"web": "%s"' % SECRET, "[]", '"%s"' % SECRET, "7", ""):
            with open(point.path, "w") as file:
                file.write(content)
            text = point.text()
            assert "--- config.json\ncannot be read: " in text and SECRET not in text
        os.remove(point.path)
        assert "cannot be read: OSError" in point.text() or "cannot be read: FileNotFoundError" in point.text()

    told(story)


def test_starts_are_counted_and_the_last_ones_are_known():
    async def story(site, point):
        for number in range(12):
            starts.note(site.engine, "cause %d" % number)
        count, newest = starts.load(site.engine)
        assert count == 12 and [entry[1] for entry in newest] == [
            "the last run ended: cause %d" % number for number in range(4, 12)
        ]

    told(story)
