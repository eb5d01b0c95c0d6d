# micropython only: packages are for it
"""ExtendedTriggerMessage: each message of the white paper's list (5.5, 6.16)."""

from update_world import World

from profiles.remote_trigger import RemoteTrigger
from profiles.security import Security, signed_firmware_status_notification

SIGNED = "SignedFirmwareStatusNotification"


async def ask(world, message, number=None):
    more = {} if number is None else {"connectorId": number}
    return (await world.site.central.ask("ExtendedTriggerMessage", requestedMessage=message, **more))["status"]


async def sent(world, message, number=None):
    """What an accepted trigger brings."""
    count = len(world.site.central.got)
    assert await ask(world, message, number) == "Accepted", message
    await world.site.settle()
    return world.site.central.got[count:]


def play(story, others=(Security,), **options):
    World().play(story, others=others, **options)


def test_each_message_is_sent_after_the_answer():
    async def story(world):
        assert await sent(world, "Heartbeat") == [("Heartbeat", {})]
        assert await sent(world, "LogStatusNotification") == [("LogStatusNotification", {"status": "Idle"})]
        assert await sent(world, "FirmwareStatusNotification") == [(SIGNED, {"status": "Idle"})]
        statuses = await sent(world, "StatusNotification")
        assert [(action, payload["connectorId"]) for action, payload in statuses] == [
            ("StatusNotification", 0), ("StatusNotification", 1)]
        (one,) = await sent(world, "StatusNotification", 1)
        assert one[1]["connectorId"] == 1
        ((action, payload),) = await sent(world, "MeterValues", 1)
        assert action == "MeterValues" and payload["connectorId"] == 1

    play(story)


def test_a_boot_notification_is_sent_unless_one_was_accepted_on_this_connection():
    async def story(world):
        assert await ask(world, "BootNotification") == "Rejected"
        world.site.central.lose()
        world.site.central.back()
        await world.site.settle()
        assert [action for action, _ in await sent(world, "BootNotification")][0] == "BootNotification"

    play(story)


def test_what_is_not_there_is_rejected():
    async def story(world):
        assert await ask(world, "StatusNotification", 9) == "Rejected"
        assert await ask(world, "MeterValues", 9) == "Rejected"

    play(story)


def test_a_message_of_another_list_is_a_violation():
    async def story(world):
        for message in ("DiagnosticsStatusNotification", "Nonsense"):
            answer = await world.site.central.ask("ExtendedTriggerMessage", requestedMessage=message)
            assert answer == "PropertyConstraintViolation", answer

    play(story)


def test_the_signed_status_is_that_of_a_signed_update_only():
    async def story(world):
        world.profile_now.jobs["update"] = {"status": "Downloading", "time": None, "url": "http://x/"}
        assert await sent(world, "FirmwareStatusNotification") == [(SIGNED, {"status": "Idle"})]
        world.profile_now.jobs["update"]["id"] = 12
        assert await sent(world, "FirmwareStatusNotification") == [
            (SIGNED, {"status": "Downloading", "requestId": 12})]
        assert hasattr(signed_firmware_status_notification, "triggered")

    play(story)


def test_it_works_without_remote_trigger_and_beside_it():
    async def story(world):
        assert await sent(world, "Heartbeat") == [("Heartbeat", {})]
        answer = await world.site.central.ask("TriggerMessage", requestedMessage="Heartbeat")
        assert answer in ({"status": "Accepted"}, "NotSupported")

    for others in ((Security,), (RemoteTrigger, Security)):
        play(story, others=others)
