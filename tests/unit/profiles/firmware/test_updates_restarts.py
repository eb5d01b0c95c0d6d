# micropython only: packages are for it
"""An update over restarts of the charge point, in every phase, and its outcome (1.6 5.19)."""

from charging import until
from packages import NEW
from triggering import triggered
from update_world import LEFT, STATUS, World, broken, deliver, half

from updates import installation


async def restart(world):
    await world.site.restart()
    await world.quiet()


async def installed(world):
    await until(lambda: world.site.restarted)
    assert installation.result(world.root) == {"outcome": "Installing", "version": "99.0.0", "reason": ""}


async def through(world):
    """To where the new version starts for the first time, on trial."""
    await world.ask()
    await world.wait(3)
    await installed(world)
    await restart(world)


def test_before_its_date():
    async def story(world):
        await world.ask(seconds=60, retries=0)
        await world.wait(5)
        await restart(world)
        assert world.told() == [] and world.files.times == []
        await world.wait(60)
        await installed(world)

    World().play(story)


def test_in_the_download_which_goes_on_and_is_no_other_try():
    async def story(world):
        positions = []

        async def rest(sink, options):
            positions.append(sink.position)
            await deliver(sink, options)

        world.files.scripts = [half, rest]
        await world.ask(retries=0)
        await world.wait(2)
        await restart(world)
        await world.wait(3)
        await installed(world)
        # Nobody knows whether it was reported before.
        assert world.told() == ["Downloading", "Downloading", "Downloaded", "Installing"]
        assert positions == [len(NEW) - LEFT]

    World().play(story)


def test_between_two_tries():
    async def story(world):
        world.files.scripts = [broken]
        await world.ask(retries=1, retryInterval=20)
        await world.wait(2)
        await restart(world)
        await world.wait(25)
        assert len(world.files.times) == 2 and world.told()[-1] == "DownloadFailed"

    World().play(story)


def test_too_many_restarts_in_one_try_are_a_failure():
    async def story(world):
        world.files.scripts = [half]
        await world.ask(retries=0)
        for _ in range(8):
            await world.wait(2)
            await restart(world)
        assert world.told()[-1] == "DownloadFailed"
        await world.wait(3)
        assert len(world.files.times) == 8 and world.profile_now.jobs == {}

    World().play(story)


def test_while_it_waits_for_a_session():
    async def story(world):
        await world.site.charge("A", 1)
        await world.ask()
        await world.wait(3)
        await restart(world)  # the car has gone
        await world.wait(20)
        await installed(world)
        assert len(world.files.times) == 1

    World().play(story)


def test_before_and_after_the_new_version_is_chosen():
    async def story(world):
        install = installation.install
        installation.install = None
        try:
            await world.ask()
            await world.wait(1)
            await world.tell_until("Installing")
            await restart(world)
        finally:
            installation.install = install
        world.site.errors.clear()
        await world.wait(3)
        await installed(world)

    World().play(story)


def test_on_trial_until_it_is_confirmed():
    async def story(world):
        await through(world)
        await world.wait(10)
        assert world.told() == ["Downloading", "Downloaded", "Installing"]
        assert await triggered(world.site, STATUS) == [{"status": "Installing"}]
        world.tried("Installed")
        from profiles.firmware import after_restart

        after_restart.outcome(world.profile_now)
        await world.wait(1)
        assert world.told()[-1] == "Installed"
        assert world.profile_now.jobs == {} and installation.result(world.root) is None
        await restart(world)
        assert world.told()[-1] == "Installed" and len(world.told()) == 5

    World().play(story)


def test_the_old_version_tells_that_the_new_one_failed():
    async def story(world):
        await through(world)
        world.tried("InstallationFailed", "it hung")
        await restart(world)
        await world.wait(1)
        assert world.told()[-1] == "InstallationFailed" and installation.result(world.root) is None

    World().play(story)


def test_an_outcome_is_reported_when_the_central_system_is_back():
    """Also after another restart."""

    async def story(world):
        await through(world)
        world.tried("InstallationFailed", "it hung")
        site = world.site
        site.boot, site.central.connected = False, False
        for _ in range(2):
            await restart(world)
            await world.wait(2)
        assert "InstallationFailed" not in world.told()
        site.central.back()
        await site.engine.accepted.wait()
        await world.wait(2)
        assert world.told()[-1] == "InstallationFailed" and world.told().count("InstallationFailed") == 1

    World().play(story)


def test_another_update_waits_for_the_outcome_of_an_installation():
    async def story(world):
        await through(world)
        await world.ask("http://files/other.bin", retries=0)
        world.files.scripts = [broken]
        await world.wait(3)
        assert len(world.files.urls) == 1
        world.tried("InstallationFailed", "it hung")
        await restart(world)
        await world.wait(3)
        assert world.files.urls[1:] == ["http://files/other.bin"]
        assert world.told()[3:] == ["InstallationFailed", "Downloading", "DownloadFailed"]

    World().play(story)


def test_an_outcome_without_an_update_firmware_is_not_reported():
    """Of a version that came by another way than the central system."""

    async def story(world):
        world.tried("Installed")
        await restart(world)
        await world.wait(2)
        assert world.told() == []

    World().play(story)
