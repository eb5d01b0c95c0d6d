# micropython only: packages are for it
"""SignedUpdateFirmware and SignedFirmwareStatusNotification (white paper L01)."""

import random

from certificate_maker import Key
from charging import until
from mutations import ERRORS, mutated
from packages import NEW, package
from signed_updates import SIGNED, THROUGH, ask, certificate, on_trial, play, present, request, signature, told
from triggering import triggered
from update_world import STATUS, URL, World, broken, deliver, half, nonsense

from profiles.firmware import jobs
from profiles.security import Security
from updates import UpdateError

SIGNATURE, CERTIFICATE = "InvalidFirmwareSignature", "InvalidFirmwareSigningCertificate"


def test_an_update_is_verified_and_installed():
    """L01.FR.01, 04, 05, 10, 15: each status once, in order, with the requestId; nothing in the message of 1.6."""

    async def story(world):
        assert await ask(world) == "Accepted"
        await world.wait(4)
        await until(lambda: world.site.restarted)
        assert told(world) == THROUGH and world.told() == [], told(world)
        assert on_trial(world), world.on_flash()
        assert world.files.urls == [URL] and world.events == []

    play(story)


def test_it_waits_for_both_dates():
    """L01.FR.13, 16, 17."""

    async def story(world):
        assert await ask(world, seconds=30, install_in=60) == "Accepted"
        await world.wait(25)
        assert told(world) == ["DownloadScheduled"] and world.files.times == []
        assert await present(world) == (SIGNED, {"status": "DownloadScheduled", "requestId": 5})
        await world.wait(20)
        assert told(world)[2:] == THROUGH[:3] + ["InstallScheduled"]
        await world.wait(20)
        await until(lambda: world.site.restarted)
        assert told(world)[6:] == ["InstallRebooting"] and on_trial(world)

    play(story)


def test_an_installDateTime_in_the_past_is_now():
    async def story(world):
        assert await ask(world, install_in=-60) == "Accepted"
        await world.wait(4)
        assert told(world) == THROUGH

    play(story)


def test_a_signature_that_is_not_right():
    """L01.FR.03: of another file, by another key, none at all. It is not tried again, nothing stays on flash."""
    for proof in (signature(NEW + b"."), signature(key=Key(78)), "", "nonsense", "A" * 800):

        async def story(world, proof=proof):
            assert await ask(world, proof=proof, retries=3) == "Accepted"
            await world.wait(5)
            assert told(world) == ["Downloading", "Downloaded", "InvalidSignature"], told(world)
            assert [kind for kind, _ in world.events] == [SIGNATURE]
            assert world.on_flash() == [] and len(world.files.times) == 1

        play(story)


def test_a_certificate_that_is_not_valid():
    """L01.FR.02, 23, 24: nothing is downloaded, an update before goes on."""

    async def story(world):
        assert await ask(world, 4, seconds=60) == "Accepted"
        for text in (
            certificate(issuer=32),  # which is not installed
            certificate(ends="200102000000Z"),
            certificate(begins="480101000000Z"),
            certificate(ca=True),
            certificate() + certificate(),
            "nonsense",
            "",
        ):
            world.events.clear()
            assert await ask(world, text=text) == "InvalidCertificate", text
            assert [kind for kind, _ in world.events] == [CERTIFICATE]
        await world.wait(3)
        assert told(world) == [] and told(world, 4) == ["DownloadScheduled"] and world.files.times == []

    play(story)


def test_a_root_of_the_central_system_does_not_count():
    async def story(world):
        from certified import authority, install

        assert await install(world.site, authority(33)) == "Accepted"
        assert await ask(world, text=certificate(issuer=33)) == "InvalidCertificate"

    play(story)


def test_each_failure_has_its_status():
    def refusing(reason):
        async def refuse(sink, options):
            raise UpdateError(reason, "no")

        return refuse

    paused = ["Downloading", "DownloadPaused"]
    for script, statuses in (
        (broken, paused + ["Downloading", "DownloadFailed"]),
        (nonsense, ["Downloading", "DownloadFailed"]),
        (refusing("FlashFull"), paused + ["Downloading", "DownloadFailed"]),
        (refusing("Damaged"), paused + ["Downloading", "InvalidSignature"]),
        (refusing("InvalidSignature"), ["Downloading", "InvalidSignature"]),
        (refusing("Unsigned"), ["Downloading", "InstallVerificationFailed"]),
        (refusing("WrongBoard"), ["Downloading", "InstallVerificationFailed"]),
    ):

        async def story(world, script=script, statuses=statuses):
            world.files.scripts = [script]
            assert await ask(world, retries=1) == "Accepted"
            await world.wait(5)
            assert told(world) == statuses, (told(world), statuses)
            assert [kind for kind, _ in world.events] == [SIGNATURE] * (statuses[-1] == "InvalidSignature")
            assert await present(world) == (SIGNED, {"status": statuses[-1], "requestId": 5}), "L01.FR.29"
            assert await triggered(world.site, STATUS) == [{"status": "Idle"}], "no update of 1.6"

        play(story)


def test_the_head_is_checked_beside_the_signature():
    """A file that is signed by its manufacturer, without the signature of the owner in its head."""

    async def story(world):
        world.settings["unsigned"] = False
        assert await ask(world) == "Accepted"
        await world.wait(4)
        assert told(world) == ["Downloading", "InstallVerificationFailed"]

    play(story)


def test_a_file_that_has_changed():
    """With the hash of its head it is a package, but not the one that was signed."""
    other = package({"answer.py": b"VALUE = 44\n"})

    async def changed(sink, options):
        sink.begin(0)
        sink.write(other)

    async def story(world):
        world.files.scripts = [changed]
        assert await ask(world) == "Accepted"
        await world.wait(4)
        assert told(world) == ["Downloading", "Downloaded", "InvalidSignature"]

    play(story)


def test_another_request_cancels_the_first():
    """L01.FR.26: in the download, while it is scheduled, and an update of 1.6. Nothing more of the first is sent."""

    async def story(world):
        world.files.scripts = [half, deliver]
        assert await ask(world, 1) == "Accepted"
        await world.wait(2)
        assert await ask(world, 2, seconds=30) == "AcceptedCanceled"
        await world.wait(2)
        assert await ask(world, 3) == "AcceptedCanceled"
        await world.wait(4)
        assert [told(world, number) for number in (1, 2, 3)] == [["Downloading"], ["DownloadScheduled"], THROUGH]
        assert await ask(world, 4) == "Rejected", "L01.FR.27: it is being installed"

    play(story)


def test_a_failed_one_is_not_canceled():
    async def story(world):
        world.files.scripts = [nonsense]
        assert await ask(world, 1) == "Accepted"
        await world.wait(3)
        assert told(world, 1)[-1] == "DownloadFailed"
        assert await ask(world, 2) == "Accepted"

    play(story)


def test_UpdateFirmware_is_not_supported_once_a_manufacturer_root_is_installed():
    """L01.FR.20."""

    async def story(world):
        answer = await world.site.central.ask("UpdateFirmware", location=URL, retrieveDate="2020-01-01T00:00:00Z")
        assert answer == "NotSupported"
        await world.wait(2)
        assert world.files.times == [] and jobs.UPDATE not in world.profile_now.jobs

    play(story)

    async def without(world):
        await world.ask()
        await world.wait(3)
        assert world.told() == ["Downloading", "Downloaded", "Installing"]

    World().play(without, others=(Security,))


def test_it_needs_a_root():
    async def story(world):
        assert await ask(world) == "InvalidCertificate"

    World().play(story, others=(Security,))


def test_it_waits_for_sessions():
    """L01.FR.06, 07: connectors that are not in use are Unavailable meanwhile."""

    async def story(world):
        await world.site.charge("A", 1)
        assert await ask(world) == "Accepted"
        await world.wait(8)
        assert told(world) == THROUGH[:3] and not world.site.restarted
        assert world.site.core.connectors[1].status == "Unavailable"
        await world.site.card("A", 1)
        await world.site.run(3000)
        world.site.board.plug(1, False)
        await world.wait(8)
        await until(lambda: world.site.restarted)
        assert told(world) == THROUGH

    play(story, connectors=2)


def test_mutated_requests():
    """Each is answered as the specification says, and changes nothing unless it is accepted."""
    random.seed(20261129)

    async def story(world):
        right = request(5, seconds=1000)
        for _ in range(400):
            payload = mutated(right)
            world.profile_now.jobs.clear()
            answer = await world.site.central.send_call("SignedUpdateFirmware", payload)
            if isinstance(answer, str):
                assert answer in ERRORS, (answer, payload)
            accepted = answer == {"status": "Accepted"}
            assert accepted or isinstance(answer, str) or answer == {"status": "InvalidCertificate"}, (answer, payload)
            assert bool(world.profile_now.jobs) == accepted, payload

    play(story)
