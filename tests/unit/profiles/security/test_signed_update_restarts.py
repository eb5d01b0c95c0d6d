# micropython only: packages are for it
"""A signed update over restarts of the charge point, in every phase; its requestId is kept (white paper L01.FR.10)."""

from charging import until
from packages import NEW
from signed_updates import SIGNED, THROUGH, ask, on_trial, play, present, restart, signature, told
from update_world import LEFT, deliver, half

from profiles.firmware import file_signature, phases, after_restart
from updates import installation


async def through(world):
    """To where the new version starts for the first time, on trial."""
    assert await ask(world) == "Accepted"
    await world.wait(4)
    await until(lambda: world.site.restarted)
    await restart(world)


def test_before_each_date():
    async def story(world):
        assert await ask(world, seconds=30, install_in=90) == "Accepted"
        await world.wait(5)
        await restart(world)
        assert told(world) == ["DownloadScheduled"] * 2 and world.files.times == []
        await world.wait(40)
        assert told(world)[-1] == "InstallScheduled"
        await restart(world)
        await world.wait(3)
        assert told(world)[-1] == "InstallScheduled", "not before its date"
        await world.wait(60)
        await until(lambda: world.site.restarted)
        assert told(world)[-1] == "InstallRebooting" and on_trial(world)

    play(story)


def test_in_the_download_which_goes_on():
    async def story(world):
        positions = []

        async def rest(sink, options):
            positions.append(sink.position)
            await deliver(sink, options)

        world.files.scripts = [half, rest]
        assert await ask(world, retries=0) == "Accepted"
        await world.wait(2)
        await restart(world)
        await world.wait(4)
        await until(lambda: world.site.restarted)
        assert told(world) == ["Downloading"] + THROUGH and positions == [len(NEW) - LEFT]

    play(story)


def test_before_the_signature_is_checked():
    for proof, statuses in ((None, THROUGH[2:]), (signature(b"other"), ["InvalidSignature"])):

        async def story(world, proof=proof, statuses=statuses):
            attempt = file_signature.attempt

            async def cut_off(profile, record):
                record["time"] = None

            file_signature.attempt = cut_off
            try:
                assert await ask(world, proof=proof) == "Accepted"
                await world.wait(3)
                assert told(world) == THROUGH[:2]
            finally:
                file_signature.attempt = attempt
            await restart(world)
            await world.wait(4)
            assert told(world) == THROUGH[:2] + ["Downloaded"] + statuses
            assert [kind for kind, _ in world.events] == ["InvalidFirmwareSignature"] * (len(statuses) == 1)

        play(story)


def test_after_the_signature_is_checked():
    async def story(world):
        attempt = file_signature.attempt

        async def cut_off(profile, record):
            phases.enter(profile, "update", record, "SignatureVerified", profile.core.engine.clock.now() + 1000)

        file_signature.attempt = cut_off
        try:
            assert await ask(world) == "Accepted"
            await world.wait(4)
        finally:
            file_signature.attempt = attempt
        await restart(world)
        world.profile_now.jobs["update"]["time"] = world.profile_now.due = 0
        await world.wait(3)
        assert told(world) == THROUGH[:3] + THROUGH[2:] and on_trial(world)

    play(story)


def test_between_InstallRebooting_and_the_choice_of_the_slot():
    async def story(world):
        install = installation.install

        installation.install = None  # an error that nobody expects
        try:
            assert await ask(world) == "Accepted"
            await world.wait(1)
            await until(lambda: "InstallRebooting" in told(world))
            await restart(world)
        finally:
            installation.install = install
        world.site.errors.clear()
        await world.wait(90)
        await until(lambda: world.site.restarted)
        assert told(world) == THROUGH and on_trial(world)

    play(story)


def test_on_trial_until_it_is_confirmed():
    """Installing after the restart, as in figure 13; Idle when Installed has been sent (L01.FR.28)."""

    async def story(world):
        await through(world)
        await world.wait(5)
        assert told(world) == THROUGH + ["Installing"]
        await restart(world)
        await world.wait(5)
        assert told(world) == THROUGH + ["Installing"]
        assert await present(world) == (SIGNED, {"status": "Installing", "requestId": 5})
        assert await ask(world, 6) == "Rejected"
        world.tried("Installed")
        after_restart.outcome(world.profile_now)
        await world.wait(1)
        assert told(world)[-1] == "Installed" and world.profile_now.jobs == {}
        assert installation.result(world.root) is None
        assert await present(world) == (SIGNED, {"status": "Idle"})
        assert told(world, 6) == []

    play(story)


def test_the_old_version_tells_that_the_new_one_failed():
    """Once; after that only when it is asked for (L01.FR.29), also after restarts."""

    async def story(world):
        await through(world)
        world.tried("InstallationFailed", "it hung")
        await restart(world)
        await world.wait(1)
        assert told(world)[-1] == "InstallationFailed" and installation.result(world.root) is None
        count = len(told(world))
        await restart(world)
        await world.wait(2)
        assert len(told(world)) == count
        assert await present(world) == (SIGNED, {"status": "InstallationFailed", "requestId": 5})

    play(story)


def test_a_final_status_waits_for_the_central_system():
    async def story(world):
        world.files.scripts = [half, deliver]
        assert await ask(world, proof=signature(b"other")) == "Accepted"
        await world.wait(2)
        world.site.central.lose()
        site = world.site
        site.boot = False
        await restart(world)
        await world.wait(4)
        await restart(world)
        assert told(world) == ["Downloading"]
        site.central.back()
        await site.engine.accepted.wait()
        await world.wait(2)
        assert told(world) == ["Downloading", "InvalidSignature"]

    play(story)
