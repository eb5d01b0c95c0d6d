"""What the tests of the profile Security share: a charge point with its security log, and the messages that its central
system receives."""

import asyncio

from charging import play, until

from ocpp import events, log
from profiles.security import Security

EVENT = "SecurityEventNotification"


class Secured:
    """In the place of Site: `site`, whose security log begins with each start."""

    def __init__(self, site):
        self.site = site

    def begin(self):
        """As app/compose.py does it."""
        engine = self.site.engine
        engine.each_second.append(events.begin(engine, self.site.path).check)

    async def restart(self):
        self.site.stop()
        self.site.start_over()
        self.begin()
        await self.site.start()

    @property
    def profile(self):
        return self.site.engine.profiles[-1]

    def told(self):
        """The types of the events that the central system has received."""
        return [payload["type"] for payload in self.site.central.of(EVENT)]

    def waiting(self):
        """The types of those that wait on flash."""
        return [entry[3] for entry in self.site.engine.store.load("events", [])]

    async def quiet(self):
        """Until all events are sent."""
        await until(lambda: not self.profile.telling)
        await asyncio.sleep_ms(1)

    def logged(self):
        """The types of all events in the security log."""
        from ocpp.log import writing

        writing.write(log.security)
        lines = []
        for number in writing.numbers_of(log.security):
            with open(writing.path_of(log.security, number)) as file:
                lines += file.read().split("\n")[:-1]
        return [line[21:].split(":")[0] for line in lines]


def secured(story, profiles=(), start=True, **options):
    """Run `story(Secured)`."""
    log.security, log.told = None, ()

    async def with_log(site):
        world = Secured(site)
        world.begin()
        if start:
            await site.start()
        await story(world)

    try:
        play(with_log, start=False, profiles=tuple(profiles) + (Security,), **options)
    finally:
        log.security, log.told = None, ()
