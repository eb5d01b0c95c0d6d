"""SignedUpdateFirmware for the unit tests: a manufacturer's root, a certificate that signs, requests, what is sent."""

import binascii

from central_system import TIME, stamp
from certificate_maker import Key, chain, name
from certified import MANUFACTURER, authority, install
from helpers import replaced
from packages import NEW
from update_world import URL, World

from ocpp import events
from profiles.remote_trigger import RemoteTrigger
from profiles.security import Security
from updates import installation

SIGNED = "SignedFirmwareStatusNotification"
MAKER = 31
KEY = Key(77)
THROUGH = ["Downloading", "Downloaded", "SignatureVerified", "InstallRebooting"]


def certificate(issuer=MAKER, key=KEY, **options):
    """PEM of a certificate for `key`, by the authority `issuer`."""
    return chain(authority(issuer).sign(name("Signer", "Maker"), key.point, **options))


def signature(content=NEW, key=KEY):
    return binascii.b2a_base64(key.sign(content)).decode().strip()


def play(story, others=(RemoteTrigger, Security), **options):
    """Run `story(world)` where the manufacturer's root is installed; `world.events`: [(type, techInfo)] of firmware."""

    def tell(kind, info=""):
        if "Firmware" in kind:
            world.events.append((kind, info))

    async def with_root(world):
        assert await install(world.site, authority(MAKER), MANUFACTURER) == "Accepted"
        await story(world)

    world = World()
    world.events = []
    with replaced(events, tell=tell):
        world.play(with_root, others=others, **options)


def request(number, seconds=-1, install_in=None, location=URL, text=None, proof=None):
    """The payload of SignedUpdateFirmware with the requestId `number`."""
    firmware = {
        "location": location,
        "retrieveDateTime": stamp(TIME.ms // 1000 + seconds),
        "signingCertificate": certificate() if text is None else text,
        "signature": signature() if proof is None else proof,
    }
    if install_in is not None:
        firmware["installDateTime"] = stamp(TIME.ms // 1000 + install_in)
    return {"requestId": number, "firmware": firmware}


async def ask(world, number=5, retries=3, **more):
    """Send the request() with `more`; the status of the answer, or the code of the error."""
    payload = dict(request(number, **more), retries=retries, retryInterval=0)
    answer = await world.site.central.ask("SignedUpdateFirmware", **payload)
    return answer["status"] if isinstance(answer, dict) else answer


def told(world, number=5):
    """The statuses of the request `number`."""
    return [one["status"] for one in world.site.central.of(SIGNED) if one.get("requestId") == number]


async def present(world):
    """SignedFirmwareStatusNotification, asked for by ExtendedTriggerMessage."""
    answer = await world.site.central.ask("ExtendedTriggerMessage", requestedMessage="FirmwareStatusNotification")
    assert answer == {"status": "Accepted"}
    await world.site.settle()
    return world.site.central.got[-1]


async def restart(world):
    await world.site.restart()
    await world.quiet()


def on_trial(world):
    return installation.result(world.root) == {"outcome": "Installing", "version": "99.0.0", "reason": ""}
