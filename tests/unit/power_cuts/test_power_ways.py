# micropython only: littlefs in RAM
"""The power goes at each block operation of a change of the security profile: the way of before, or one on which the
central system has spoken, is always there afterwards (white paper A05.FR.08)."""

import vfs

from flash import Flash
from helpers import replaced
from link_world import Keys, section

from ocpp import events, log
from ocpp.link import ways
from ocpp.store import Store

KEY, OLD, NEW = "0123456789abcdef", [0, None], [1, "fedcba9876543210"]


class Link:
    def __init__(self):
        self.rpc = type("Rpc", (), {"heard": False})()
        self.csms, self.keys = section("ws://h", KEY), Keys(0, Store("/flash"), SecurityProfile="0")
        self.on_trial = self.told = self.refused = None


def started():
    link = Link()
    ways.begin(link)
    return link


def change(link):
    """A new profile, of which the first try fails and the third works; yields when it is accepted and when it works."""
    if not ways.save_now(link, [OLD, NEW]):
        return
    link.ways, link.tries = [OLD, NEW], 0
    yield "accepted"
    for heard in (False, False, True):
        ways.choose(link)
        link.rpc.heard = heard
        ways.settle(link)
    yield "works"


def cut_at(number):
    """(how far the change came, the ways after the power had gone at block operation `number`), and whether it did."""
    flash, left, progress = Flash(), [number], []
    vfs.VfsLfs2.mkfs(flash)
    flash.mount()

    def each(address, data):
        left[0] -= 1
        return left[0] > 0  # what comes after it fails too

    link = started()
    flash.each = each
    for step in change(link):
        if left[0] > 0:
            progress.append(step)
    flash.each = None
    flash.mount()
    return progress, started().ways, left[0] <= 0


def test_a_power_cut_at_each_block_operation():
    number, cut, seen = 0, True, []
    with replaced(events, tell=lambda kind, info="": None), replaced(log, error=lambda *words: None):
        while cut:
            number += 1
            progress, left, cut = cut_at(number)
            assert progress or left != [NEW], "nobody has tried it"
            assert not progress or left != [OLD], "it was accepted"
            if left not in seen:
                seen.append(left)
    assert number > 10 and seen == [[OLD], [OLD, NEW], [NEW]], (number, seen)
