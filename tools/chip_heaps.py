"""Both heaps of the board, as its page or its console tells them, and how late its tick has been."""

import statistics

TELLS = "@heap"  # how a console line with the heaps begins, see chip_image
_NAMES = ("free", "idf_free", "idf_largest")
_WORDS = {"free": "MicroPython truly free", "idf_free": "ESP-IDF free", "idf_largest": "its largest block"}


def heap_of_status(status):
    """Bytes by name of the answer of /api/status; what it does not tell is not in it. `free` is what is truly free."""
    heap = status.get("heap")
    if not isinstance(heap, dict):
        return {}
    found = {name: heap[name] for name in _NAMES if isinstance(heap.get(name), (int, float))}
    least = heap.get("least")
    if isinstance(least, dict):
        found.update({"least " + name: least[name] for name in _NAMES if isinstance(least.get(name), (int, float))})
    elif isinstance(least, (int, float)):
        found["least free"] = least
    return found


def heap_of_line(text):
    """The same of a console line "@heap ms mem_free mem_alloc idf_free idf_largest", with `used`; {} of any other.

    mem_free counts ESP-IDF's largest block as MicroPython's own."""
    words = text.split()
    if words[:1] != [TELLS] or len(words) != 6 or not all(word.isdigit() for word in words[1:]):
        return {}
    _, free, used, idf_free, idf_largest = map(int, words[1:])
    return {"free": free - idf_largest, "used": used, "idf_free": idf_free, "idf_largest": idf_largest}


class Heaps:
    """What was seen of them: `last` and `least`, bytes by name."""

    def __init__(self):
        self.last, self.least, self.samples = {}, {}, []

    def add(self, heap):
        if not heap:
            return
        self.samples.append(heap)
        for name in _NAMES:
            if name in heap:
                self.last[name] = heap[name]
                told = heap.get("least " + name, heap[name])
                self.least[name] = min(self.least.get(name, told), told)

    def text(self):
        """In a line."""
        if not self.least:
            return "not told"
        return ", ".join("%s %.1f kB (least %.1f)" % (_WORDS[name], self.last[name] / 1000, self.least[name] / 1000)
                         for name in _NAMES if name in self.least)


class Lateness:
    """Of the tick in milliseconds: the worst, and what else the board tells of it."""

    def __init__(self):
        self.worst, self.words = None, ""

    def add(self, status):
        told = {name: value for name, value in status.items() if name.startswith("tick")}
        numbers = [value for value in told.values() if isinstance(value, (int, float))]
        if numbers:
            self.worst = max(numbers + [self.worst or 0])
        self.words = ", ".join("%s %s" % item for item in sorted(told.items()) if item[0] != "tick_max_ms")

    def text(self):
        if self.worst is None:
            return "not told"
        return "at most %d ms%s" % (self.worst, self.words and " (%s)" % self.words)


def spread(times):
    """Milliseconds in a line: how many, median, p99, worst."""
    if not times:
        return "none"
    ordered = sorted(times)
    p99 = ordered[-(-len(ordered) * 99 // 100) - 1]
    return "%d, median %.0f ms, p99 %.0f, worst %.0f" % (len(ordered), statistics.median(ordered), p99, ordered[-1])
