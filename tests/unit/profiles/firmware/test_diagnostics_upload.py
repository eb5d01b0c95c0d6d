# micropython only: packages are for it
"""GetDiagnostics and DiagnosticsStatusNotification (1.6 4.4, 5.9, 6.25, E 3.31, 3.50)."""

import asyncio

from central_system import stamp
from triggering import triggered
from update_world import DIAGNOSTICS, World, broken, nonsense

from ocpp.clock import iso

FOLDER = "ftp://files/logs/"


async def take(source, options):
    """The server takes it."""


async def wait_for_ever(source, options):
    await asyncio.Event().wait()


async def ask(world, location=FOLDER, **more):
    return await world.site.central.ask("GetDiagnostics", location=location, **more)


def play(story):
    World().play(story)


def test_they_are_uploaded_under_the_name_of_the_answer():
    async def story(world):
        world.files.scripts = [take]
        assert await ask(world) == {"fileName": "log.txt"}
        assert await triggered(world.site, DIAGNOSTICS) == [{"status": "Idle"}]
        await world.wait(3)
        assert world.told(DIAGNOSTICS) == ["Idle", "Uploading", "Uploaded"] and world.files.urls == [FOLDER]
        assert world.log.made[-1].name == "log.txt" and not [one for one in world.log.made if one.is_open]
        assert await triggered(world.site, DIAGNOSTICS) == [{"status": "Idle"}]
        assert world.profile_now.jobs == {}

    play(story)


def test_without_any_the_answer_is_empty():
    async def story(world):
        world.log.empty = True
        assert await ask(world) == {}
        await world.wait(3)
        assert world.told(DIAGNOSTICS) == [] and world.files.urls == []

    play(story)


def test_of_some_time():
    async def story(world):
        world.files.scripts = [take]
        await ask(world, startTime=stamp(10), stopTime=stamp(20))
        await world.wait(2)
        for one in world.log.made:
            assert [iso(bound) for bound in one.bounds] == [stamp(10), stamp(20)]
        await ask(world)
        await world.wait(2)
        assert world.log.made[-1].bounds == (None, None)

    play(story)


def test_retries_are_those_after_the_first_try():
    for retries, tries in ((0, 1), (2, 3), (-5, 1), (None, 4)):
        more = {} if retries is None else {"retries": retries}

        async def story(world, more=more, tries=tries):
            world.files.scripts = [broken]
            await ask(world, retryInterval=0, **more)
            await world.wait(tries + 4)
            assert len(world.files.times) == tries, (more, world.files.times)
            assert world.told(DIAGNOSTICS) == ["Uploading", "UploadFailed"]

        play(story)


def test_what_no_retry_mends_is_tried_once():
    async def story(world):
        world.files.scripts = [nonsense]
        await ask(world, retries=3, retryInterval=0)
        await world.wait(4)
        await ask(world, "sftp://files/", retries=3, retryInterval=0)
        await world.wait(4)
        assert len(world.files.times) == 1
        assert world.told(DIAGNOSTICS) == ["Uploading", "UploadFailed"] * 2

    play(story)


def test_what_has_gone_meanwhile_is_not_uploaded():
    async def story(world):
        await ask(world, startTime=stamp(10))
        world.log.empty = True
        await world.wait(3)
        assert world.told(DIAGNOSTICS) == ["Uploading", "UploadFailed"] and world.files.urls == []

    play(story)


def test_another_request_takes_the_place_of_the_first():
    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        await ask(world)
        await world.wait(2)
        assert await triggered(world.site, DIAGNOSTICS) == [{"status": "Uploading"}]
        await ask(world, "ftp://files/other/")
        await world.wait(3)
        assert world.files.urls == [FOLDER, "ftp://files/other/"]
        assert world.told(DIAGNOSTICS)[-2:] == ["Uploading", "Uploaded"]
        assert not [one for one in world.log.made if one.is_open]

    play(story)


def test_after_a_restart_it_goes_on_with_the_same_name():
    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        world.log.made.append(type("Named", (), {"is_open": False}))
        await ask(world, retries=0)
        await world.wait(2)
        await world.site.restart()
        await world.wait(3)
        assert world.told(DIAGNOSTICS)[-1] == "Uploaded" and len(world.files.urls) == 2
        assert world.log.made[-1].name == "log.txt"

    play(story)


def test_an_upload_waits_for_a_download_to_end():
    """There is memory for one transfer at a time."""

    async def story(world):
        world.files.scripts = [wait_for_ever, broken, take]
        await ask(world)
        await world.wait(2)
        await world.ask(retries=0)
        await world.wait(3)
        assert len(world.files.urls) == 1 and world.phase == "Idle"
        await ask(world, "ftp://files/other/")
        await world.wait(10)
        assert len(world.files.urls) == 3
        assert world.told(DIAGNOSTICS)[-1] == "Uploaded" and world.told()[-1] == "DownloadFailed"

    play(story)
