# micropython only: packages are for it
"""GetLog and LogStatusNotification: both logs, with their requestId, whatever comes between (white paper N01)."""

import asyncio

from central_system import stamp
from update_world import DIAGNOSTICS, World, broken, nonsense

from ocpp.clock import iso
from profiles.security import Security
from transfers.failure import failed

STATUS = "LogStatusNotification"
FOLDER = "ftp://files/logs/"


async def take(source, options):
    """The server takes it."""


async def wait_for_ever(source, options):
    await asyncio.Event().wait()


def refusing(code):
    async def refuse(source, options):
        error = failed("refused", "no")
        error.code = code
        raise error

    return refuse


async def ask(world, number=1, kind="SecurityLog", location=FOLDER, bounds=None, **more):
    """GetLog with the requestId `number`."""
    log = dict(bounds or {}, remoteLocation=location)
    return await world.site.central.ask("GetLog", logType=kind, requestId=number, log=log, **more)


async def trigger(world):
    """LogStatusNotification, asked for by ExtendedTriggerMessage."""
    answer = await world.site.central.ask("ExtendedTriggerMessage", requestedMessage=STATUS)
    assert answer == {"status": "Accepted"}
    await world.site.settle()
    return world.site.central.of(STATUS)[-1]


def told(world, number=None):
    """The statuses of the request `number`."""
    return [one["status"] for one in world.site.central.of(STATUS) if one.get("requestId") == number]


def play(story, **options):
    World().play(story, others=(Security,), **options)


def test_each_log_is_uploaded_under_the_name_of_the_answer_with_its_request_id():
    async def story(world):
        for number, kind, name in ((7, "SecurityLog", "security.txt"), (8, "DiagnosticsLog", "log.txt")):
            world.files.scripts = [take]
            assert await ask(world, number, kind) == {"status": "Accepted", "filename": name}
            await world.wait(3)
            assert told(world, number) == ["Uploading", "Uploaded"] and world.log.made[-1].name == name
            assert not [one for one in world.log.made if one.is_open]
        assert world.files.urls == [FOLDER] * 2 and world.profile_now.jobs == {}
        assert world.site.central.of(DIAGNOSTICS) == []

    play(story)


def test_idle_has_no_request_id_and_is_sent_only_when_asked_for():
    async def story(world):
        assert await trigger(world) == {"status": "Idle"}
        world.files.scripts = [wait_for_ever, take]
        await ask(world, 7)
        await world.wait(2)
        assert await trigger(world) == {"status": "Uploading", "requestId": 7}
        await ask(world, 8)
        await world.wait(3)
        assert await trigger(world) == {"status": "Idle"}
        assert told(world) == ["Idle", "Idle"]

    play(story)


def test_without_anything_of_that_time_it_is_rejected():
    async def story(world):
        world.log.empty = True
        assert await ask(world) == {"status": "Rejected"}
        await world.wait(3)
        assert world.site.central.of(STATUS) == [] and world.files.urls == []

    play(story)


def test_of_some_time():
    async def story(world):
        world.files.scripts = [take]
        await ask(world, bounds={"oldestTimestamp": stamp(10), "latestTimestamp": stamp(20)})
        await world.wait(2)
        assert [iso(bound) for bound in world.log.made[-1].bounds] == [stamp(10), stamp(20)]
        await ask(world)
        await world.wait(2)
        assert world.log.made[-1].bounds == (None, None)

    play(story)


def test_retries_are_those_after_the_first_try():
    for retries, tries in ((0, 1), (2, 3), (None, 4)):
        more = {} if retries is None else {"retries": retries}

        async def story(world, more=more, tries=tries):
            world.files.scripts = [broken]
            await ask(world, retryInterval=0, **more)
            await world.wait(tries + 4)
            assert len(world.files.times) == tries, (more, world.files.times)
            assert told(world, 1) == ["Uploading", "UploadFailure"]

        play(story)


def test_each_failure_has_its_status():
    async def story(world):
        cases = [(refusing(code), FOLDER, "PermissionDenied") for code in (530, 550, 553)]
        cases += [(refusing(code), "http://files/", "PermissionDenied") for code in (401, 403)]
        cases += [(refusing(502), FOLDER, "NotSupportedOperation")]
        cases += [(refusing(405), "http://files/", "NotSupportedOperation")]
        cases += [(refusing(500), "http://files/", "UploadFailure"), (refusing(452), FOLDER, "UploadFailure")]
        cases += [(nonsense, FOLDER, "BadMessage"), (take, "sftp://files/", "BadMessage")]
        cases += [(broken, FOLDER, "UploadFailure")]
        for number, (script, url, status) in enumerate(cases):
            world.files.scripts = [script]
            await ask(world, number, location=url, retries=0)
            await world.wait(3)
            assert told(world, number) == ["Uploading", status], (url, status)

    play(story)


def test_another_request_cancels_the_first_of_which_nothing_more_is_sent():
    async def story(world):
        world.files.scripts = [wait_for_ever, broken, take]
        await ask(world, 1)
        await world.wait(2)
        answer = await ask(world, 2, "DiagnosticsLog", "ftp://files/other/", retries=5, retryInterval=3600)
        assert answer == {"status": "AcceptedCanceled", "filename": "log.txt"}
        await world.wait(3)
        assert told(world, 2) == ["Uploading"]  # it waits for its next try: not over
        assert (await ask(world, 3))["status"] == "AcceptedCanceled"
        await world.wait(3)
        assert (await ask(world, 4))["status"] == "Accepted"
        await world.wait(3)
        assert told(world, 1) == ["Uploading"] and told(world, 3) == told(world, 4) == ["Uploading", "Uploaded"]
        assert not [one for one in world.log.made if one.is_open]

    play(story)


def test_one_that_is_rejected_cancels_nothing():
    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        await ask(world, 1)
        await world.wait(2)
        world.log.empty = True
        assert await ask(world, 2) == {"status": "Rejected"}
        world.log.empty = False
        await world.wait(3)
        assert told(world, 1)[-1] == "Uploaded" and told(world, 2) == []

    play(story)


def test_after_a_restart_it_goes_on_with_the_same_name_and_request_id():
    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        await ask(world, 2000000000, retries=0)
        await world.wait(2)
        await world.site.restart()
        await world.wait(3)
        assert told(world, 2000000000)[-1] == "Uploaded" and len(world.files.urls) == 2
        assert world.log.made[-1].name == "security.txt"

    play(story)


def test_what_is_over_while_offline_is_sent_afterwards():
    async def story(world):
        world.files.scripts = [take]
        await ask(world, 5)
        world.site.central.lose()
        await world.wait(3)
        assert told(world, 5) in ([], ["Uploading"])
        world.site.central.back()
        await world.wait(2)
        assert told(world, 5)[-1] == "Uploaded" and world.profile_now.jobs == {}

    play(story)


def test_beside_get_diagnostics_each_is_uploaded():
    """One transfer at a time, and what one of them sends the other does not touch."""

    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        await world.site.central.ask("GetDiagnostics", location=FOLDER)
        await world.wait(2)
        assert (await ask(world, 6, "DiagnosticsLog"))["status"] == "Accepted"
        await world.wait(6)
        assert told(world, 6)[-1] == "Uploaded" and world.told(DIAGNOSTICS)[-1] == "Uploaded"

    play(story)


def test_where_firmware_management_is_switched_off_there_is_get_log_still():
    async def story(world):
        world.files.scripts = [wait_for_ever, take]
        assert (await ask(world, 7))["status"] == "Accepted"
        for _ in range(3):
            await world.site.wait(1)
            world.profile_now.check_time()
            await world.quiet()
        await world.site.restart()
        for _ in range(3):
            await world.site.wait(1)
            world.profile_now.check_time()
            await world.quiet()
        assert told(world, 7)[-1] == "Uploaded" and len(world.files.urls) == 2
        assert await world.site.central.ask("GetDiagnostics", location=FOLDER) == "NotSupported"

    play(story, keys={"SupportedFeatureProfiles": "Core,Security"})
