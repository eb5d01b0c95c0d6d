# micropython only: app is for it
"""A board that cannot send though it is in a Wi-Fi is cured in steps; the last one waits until no energy flows."""

import asyncio

import memory
import app.shutdown
from app import health_check
from helpers import folder
from link_world import Keys, section
from ocpp import websocket
from ocpp.link import connecting
from ocpp.websocket.frames import HandshakeError

REFUSED, MEMORY, UNREACHABLE, NO_NAME = OSError(111), OSError(12), OSError(118), OSError(-203)


class Link:
    csms, identity, keys = section("ws://here"), "x", Keys(0)
    ways = [[0, None]]
    net = on_tls = trial = None
    dead = 0


def tried(link, outcome):
    """One try to connect that ends with `outcome`; link.dead afterwards."""

    async def connect(*args, **kwargs):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    real, websocket.connect = websocket.connect, connect
    try:
        asyncio.run(connecting.connect(link, None))
    finally:
        websocket.connect = real
    return link.dead


def test_faults_of_this_board_are_counted_those_of_others_are_not():
    link = Link()
    assert [tried(link, fault) for fault in (MEMORY, UNREACHABLE, NO_NAME, UNREACHABLE)] == [1, 2, 3, 4]
    for outcome in (REFUSED, HandshakeError(404, "no"), asyncio.TimeoutError(), EOFError(), object()):
        tried(link, UNREACHABLE)
        assert tried(link, outcome) == 0, outcome


class Wifi:
    def __init__(self, ssid):
        self.ssid, self.stuck = ssid, False


class Point:
    """A charge point whose network is dead. `done`: what was done for it."""

    safety = type("Safety", (), {"error": None, "stop": lambda self: None})()
    heap = [0, 0, 0]
    core = type("Core", (), {"connectors": ()})()

    def __init__(self, ssid="home", closed=False):
        self.engine = type("Engine", (), {"link": Link(), "online": False})()
        self.wifi = ssid and Wifi(ssid)
        self.evse = type("Evse", (), {"contactor_closed": closed})()
        self.evses = [self.evse]
        self.folder = folder("restarted")
        self.cured, self.done = 0, []

    def restart(self):
        self.done.append("restart")

    def tries(self, count):
        """So many more tries fail."""
        for _ in range(count):
            self.engine.link.dead += 1
            for _ in range(2):
                health_check.check(self)
        if self.wifi and self.wifi.stuck:
            self.done.append("radio")
            self.wifi.stuck = False
        return self.done


def play(function):
    """`function` without pauses; it is given a list with an element for each time that code was unloaded."""
    unloaded, real, clock = [], memory.unload, app.shutdown.time
    memory.unload = lambda: unloaded.append(1)
    app.shutdown.time = type("Time", (), {"sleep": lambda self, seconds: None})()
    try:
        function(unloaded)
    finally:
        memory.unload, app.shutdown.time = real, clock


def test_step_by_step():
    def steps(unloaded):
        point = Point()
        assert point.tries(1) == [] and unloaded == []
        assert point.tries(1) == [] and unloaded == [1]
        assert point.tries(2) == ["radio"]
        assert point.tries(3) == ["radio"]
        assert point.tries(1) == ["radio", "restart"]
        with open(point.folder + "/restart.txt") as file:
            assert file.read() == "the network was dead"

    play(steps)


def test_no_restart_while_energy_flows():
    def steps(unloaded):
        point = Point(closed=True)
        assert point.tries(12) == ["radio"]
        point.evse.contactor_closed = False
        assert point.tries(1) == ["radio", "restart"]

    play(steps)


def test_without_wifi_there_is_nothing_to_cure():
    """A PC, and a board that waits for its network: a restart would only cost the state."""

    def steps(unloaded):
        assert Point(ssid=None).tries(20) == []
        point = Point()
        point.wifi.ssid = None
        assert point.tries(20) == []

    play(steps)
