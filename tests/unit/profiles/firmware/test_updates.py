# micropython only: packages are for it
"""UpdateFirmware: dates, retries, sessions, and what comes of it (1.6 5.19, 6.55, E 3.48 to 3.50, 3.63)."""

from charging import until
from triggering import triggered
from update_world import STATUS, URL, World, broken, deliver, half, nonsense

from ocpp import log
from transfers.failure import failed
from updates import UpdateError, installation

THROUGH = ["Downloading", "Downloaded", "Installing"]


def test_an_update_is_installed_at_once_when_its_date_is_past():
    async def story(world):
        await world.ask()
        await world.wait(3)
        await until(lambda: world.site.restarted)
        assert world.told() == THROUGH and world.files.urls == [URL]
        slot, about = installation.read(world.root)
        assert (slot, about["version"], about["trial"]) == ("firmware.b", "99.0.0", 0)
        assert installation.PART not in world.on_flash()

    World().play(story)


def test_it_waits_for_its_date():
    async def story(world):
        await world.ask(seconds=30)
        await world.wait(28)
        assert world.files.times == [] and world.told() == []
        assert await triggered(world.site, STATUS) == [{"status": "Idle"}]
        await world.wait(3)
        assert 29 <= world.files.times[0] <= 31 and world.told()[1:] == THROUGH[: len(world.told()) - 1]

    World().play(story)


def test_retries_are_those_after_the_first_try():
    """E 3.50. Without the field there are three."""
    for retries, tries in ((0, 1), (1, 2), (2, 3), (-1, 1), (None, 4)):
        more = {} if retries is None else {"retries": retries}

        async def story(world, more=more, tries=tries):
            world.files.scripts = [broken]
            await world.ask(retryInterval=0, **more)
            await world.wait(tries + 4)
            assert len(world.files.times) == tries, (more, world.files.times)
            assert world.told() == ["Downloading", "DownloadFailed"]
            assert await triggered(world.site, STATUS) == [{"status": "Idle"}]

        World().play(story)


def test_the_interval_is_between_two_tries():
    for interval, least in ((7, 7), (None, 60)):
        more = {} if interval is None else {"retryInterval": interval}

        async def story(world, more=more, least=least):
            world.files.scripts = [broken, deliver]
            await world.ask(retries=1, **more)
            await world.wait(1)
            assert await triggered(world.site, STATUS) == [{"status": "Downloading"}]
            await world.wait(least + 2)
            first, second = world.files.times
            assert least <= second - first <= least + 1
            assert world.told()[-2:] == ["Downloaded", "Installing"]

        World().play(story)


def test_what_no_retry_mends_is_tried_once():
    async def refused(sink, options):
        raise UpdateError("InvalidSignature", "no")

    for script, status in ((nonsense, "DownloadFailed"), (refused, "InstallationFailed")):

        async def story(world, script=script, status=status):
            world.files.scripts = [script]
            await world.ask(retries=5, retryInterval=0)
            await world.wait(5)
            assert len(world.files.times) == 1 and world.told() == ["Downloading", status]

        World().play(story)


def test_an_unexpected_error_is_a_try_that_failed():
    async def odd(sink, options):
        raise ValueError("odd")

    async def story(world):
        seen = []
        log.exception = lambda text, error: seen.append(str(error))
        world.files.scripts = [odd]
        await world.ask(retries=1, retryInterval=0)
        await world.wait(4)
        assert len(world.files.times) == 2 and world.told() == ["Downloading", "DownloadFailed"]
        assert seen == ["odd", "odd"]

    World().play(story)


def test_schemes_that_are_not_supported():
    """Also those that the owner has taken out of SupportedFileTransferProtocols."""

    async def story(world):
        for location in ("sftp://files/x", "https://files/x", "ftp://files/x", "nonsense", ""):
            count = len(world.told())
            await world.ask(location, retries=3)
            await world.wait(2)
            assert world.told()[count:] == ["Downloading", "DownloadFailed"], location
        assert world.files.times == []

    World().play(story, keys={"SupportedFileTransferProtocols": "HTTP"})


def test_the_key_names_the_protocols():
    for authority, value in (("", "FTP,HTTP"), ("ca.der", "FTP,HTTP,HTTPS")):

        async def story(world, value=value):
            keys = ["SupportedFileTransferProtocols", "SupportedFeatureProfiles"]
            answer = await world.site.central.ask("GetConfiguration", key=keys)
            shown = {key["key"]: (key["value"], key["readonly"]) for key in answer["configurationKey"]}
            assert shown[keys[0]] == (value, True)
            assert "FirmwareManagement" in shown[keys[1]][0].split(",")

        World(authority).play(story)


def test_an_installation_waits_for_sessions_and_idle_connectors_are_unavailable():
    """E 3.49."""

    async def story(world):
        site = world.site
        await site.charge("A", 1)
        await world.ask()
        await world.wait(8)
        assert world.told() == ["Downloading", "Downloaded"] and not site.restarted
        assert [connector.status for connector in site.core.connectors] == ["Charging", "Unavailable", "Unavailable"]
        assert await triggered(site, STATUS) == [{"status": "Downloaded"}]
        await site.card("B", 2)
        assert not site.core.connectors[1].authorization
        answer = await site.central.ask("RemoteStartTransaction", connectorId=3, idTag="B")
        assert answer == {"status": "Rejected"}
        await site.card("A", 1)
        await site.run(3000)
        site.board.plug(1, False)
        await world.wait(8)
        await until(lambda: site.restarted)
        assert world.told()[-1] == "Installing"
        assert [connector.operative for connector in site.core.connectors] == [True] * 3

    World().play(story, connectors=3)


def test_a_car_without_a_session_becomes_available_before():
    """There is no way from Preparing to Unavailable (4.9)."""

    async def story(world):
        site = world.site
        await site.charge("A", 1)
        site.board.plug(2, True)
        await site.run(1000)
        assert site.told(2)[-1] == "Preparing"
        await world.ask()
        await world.wait(3)
        assert site.told(2)[-3:] == ["Preparing", "Available", "Unavailable"]

    World().play(story, connectors=2)


def test_another_update_takes_the_place_of_one_that_waits():
    """From the same location what is there is kept; connectors that waited are available again."""

    async def story(world):
        site = world.site
        await site.charge("A", 1)
        world.files.scripts = [half, deliver]
        await world.ask()
        await world.wait(2)
        await world.ask()
        await world.wait(2)
        assert world.files.urls == [URL, URL] and world.phase == "Downloaded"
        assert site.core.connectors[1].status == "Unavailable"
        await world.ask("http://files/other.bin", seconds=1000)
        await world.wait(2)
        assert site.core.connectors[1].status == "Available" and world.phase == "Idle"
        await world.wait(10)
        assert len(world.files.urls) == 2 and not site.restarted

    World().play(story, connectors=2)


def test_a_download_is_cancelled_by_another_one():
    async def story(world):
        world.files.scripts = [half, broken]
        await world.ask(retries=3)
        await world.wait(2)
        await world.ask("http://files/other.bin", retries=0)
        await world.wait(3)
        assert world.files.urls == [URL, "http://files/other.bin"]
        assert world.told() == ["Downloading", "Downloading", "DownloadFailed"]
        await world.wait(70)
        assert len(world.files.urls) == 2

    World().play(story)


def test_statuses_are_sent_when_online():
    """What has happened offline is reported as it is then."""

    async def story(world):
        await world.ask(seconds=5, retries=0)
        world.files.scripts = [broken]
        world.site.central.lose()
        await world.wait(9)
        assert world.told() == []
        world.site.central.back()
        await world.wait(2)
        assert world.told() == ["DownloadFailed"]
        world.site.central.lose()
        world.site.central.back()
        await world.wait(2)
        assert world.told() == ["DownloadFailed"] and world.profile_now.jobs == {}

    World().play(story)


def test_an_installation_that_cannot_be():
    async def gone(sink, options):
        await deliver(sink, options)
        await sink.receiver.finish()

    async def story(world):
        await world.site.charge("A", 1)
        world.files.scripts = [gone]
        await world.ask()
        await world.wait(2)
        assert world.phase == "Downloaded" and installation.PART in world.on_flash()
        with open(world.root + installation.PART, "w") as file:
            file.write("damaged")
        await world.site.card("A", 1)
        await world.site.run(3000)
        await world.wait(8)
        assert world.told()[-1] == "InstallationFailed" and not world.site.restarted
        assert world.site.told()[-1] in ("Finishing", "Available", "Preparing")

    World().play(story)


def test_a_server_that_fails_later_is_no_other_failure():
    """Each reason of a transfer that may pass is tried again."""

    async def story(world):
        async def later(sink, options):
            raise failed("refused", "404")

        world.files.scripts = [later, broken, deliver]
        await world.ask(retries=2, retryInterval=0)
        await world.wait(5)
        assert len(world.files.times) == 3 and world.told()[-1] == "Installing"

    World().play(story)
