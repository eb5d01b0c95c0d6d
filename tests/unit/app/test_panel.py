"""Light, buzzer, button and the reader's health, as the task beside the safety loop has them."""

import asyncio

import app.panel
from app.panel import Panel
from hal.card.queue import CardQueue
from hal.drivers.connector_devices import ConnectorDevices


class Faults:
    reset_wanted = False


class Evse:
    worst = None

    def __init__(self):
        self.devices = ConnectorDevices()
        self.faults = Faults()


class Connector:
    """Of a core; also its session, and its own light."""

    status = "Available"

    def __init__(self, number):
        self.number = number
        self.evse = Evse()
        self.session = self
        self.stopped = []
        self.shown = []

    def stop(self, connector, reason):
        connector.stopped.append(reason)

    def show(self, status, now):
        if self.shown[-1:] != [status]:
            self.shown.append(status)


class Box:
    """A core with its engine, buzzer and button."""

    online = True
    presses = ()

    def __init__(self, count=1, reader=True):
        self.connectors = [Connector(at + 1) for at in range(count)]
        self.engine = self
        self.card_reader = CardQueue() if reader else None
        self.heard = []
        self.panel = Panel(self, [self.polled], self.connectors, self, self)

    def polled(self, now):
        pass

    def play(self, sound):
        self.heard.append(sound)

    def poll(self, now):
        press, self.presses = self.presses[:1], self.presses[1:]
        return press[0] if press else None

    def run(self, ticks=2):
        """So many rounds of the task."""

        class End(Exception):
            pass

        async def sleep_ms(pause):
            self.left -= 1
            if not self.left:
                raise End

        self.left = ticks
        real, app.panel.asyncio = app.panel.asyncio, self
        self.sleep_ms = sleep_ms
        try:
            asyncio.run(self.panel.run())
        except End:
            pass
        finally:
            app.panel.asyncio = real


def test_the_light_shows_the_status():
    box = Box(2)
    box.run()
    first, second = box.connectors
    first.status = "Charging"
    box.run()
    assert first.shown == ["Available", "Charging"] and second.shown == ["Available"]


def test_offline_shows_where_nothing_else_does():
    box = Box(2)
    box.online = False
    box.connectors[1].status = "Charging"
    box.run()
    assert [connector.shown for connector in box.connectors] == [["Offline"], ["Charging"]]


def test_a_card_that_is_looked_at():
    box = Box(2)
    box.connectors[1].status = "Charging"
    box.card_reader.show("A")
    asyncio.run(box.card_reader.next())
    box.run()
    box.card_reader.answered(True)
    box.run()
    box.card_reader.answered(False)
    assert [connector.shown for connector in box.connectors] == [["Authorizing", "Available"], ["Charging"]]
    assert box.heard == ["accepted", "refused"]


def test_a_fault_is_heard_when_it_comes():
    box = Box(2)
    box.run()
    box.connectors[1].evse.worst = 4
    box.run(3)
    box.connectors[0].evse.worst = 4
    box.run(3)
    box.connectors[0].evse.worst = None
    box.run(3)
    assert box.heard == ["error", "error"]


def test_a_reader_is_missed_after_5_s():
    box = Box(2)
    box.card_reader.ok = False
    box.run(249)
    assert [connector.evse.devices.error for connector in box.connectors] == [None, None]
    box.run(1)
    assert [connector.evse.devices.error for connector in box.connectors] == ["ReaderFailure"] * 2
    box.run(1000)
    box.card_reader.ok = True
    box.run(1)
    assert [connector.evse.devices.error for connector in box.connectors] == [None, None]


def test_without_a_reader_nothing_is_missed():
    box = Box(reader=False)
    box.run(300)
    assert box.connectors[0].evse.devices.error is None and box.connectors[0].shown == ["Available"]


def test_the_button():
    box = Box(2)
    box.presses = ("short",)
    box.run()
    assert [connector.stopped for connector in box.connectors] == [["Local"], ["Local"]]
    box.presses = ("long",)
    box.run()
    assert [connector.evse.faults.reset_wanted for connector in box.connectors] == [False, False]
    box.presses = ("very long",)
    box.run()
    assert [connector.evse.faults.reset_wanted for connector in box.connectors] == [True, True]
    assert [connector.stopped for connector in box.connectors] == [["Local"], ["Local"]]
    assert box.heard == ["accepted", "accepted"]
