# micropython only: its memory is measured
"""10,000 mutated messages of the security extensions: each is answered as the specification says, is changed by
one that is refused, and memory is as it was."""

import gc
import os
import random

from certificate_maker import chain
from certified import CENTRAL, MANUFACTURER, SUBJECT, authority, hash_data, install, play, security
from helpers import replaced
from mutations import ERRORS, mutated
from own_certificate import point_of

from ocpp import events

COUNT = 10000
REFUSED = ("Rejected", "Failed", "NotFound", "NotImplemented", "NotSupported")
SLACK = 6000  # bytes of memory


def texts(site, point):
    """PEM texts with something of everything."""
    own = authority(11).sign(SUBJECT, point)
    return [authority(12).pem, chain(own), chain(own, authority(12, 11).der, authority(11).der)]


def messages(found, data):
    """(action, payload) of right messages; nothing of them may send a file to anybody."""
    types = (CENTRAL, MANUFACTURER)
    log = {"remoteLocation": "ftp://127.0.0.1:9/", "oldestTimestamp": "2026-01-01T00:00:00Z"}
    firmware = {
        "location": "ftp://127.0.0.1:9/x",
        "retrieveDateTime": "2099-01-01T00:00:00Z",
        "signingCertificate": found[0],
        "signature": "AAAA",
    }
    made = [("InstallCertificate", {"certificateType": kind, "certificate": found[0]}) for kind in types]
    made += [("CertificateSigned", {"certificateChain": text}) for text in found]
    made += [("DeleteCertificate", {"certificateHashData": dict(data)})]
    made += [("GetInstalledCertificateIds", {"certificateType": kind}) for kind in types]
    made += [
        ("ExtendedTriggerMessage", {"requestedMessage": "Heartbeat", "connectorId": 1}),
        ("GetLog", {"log": log, "logType": "Nothing", "requestId": 1, "retries": 0, "retryInterval": 1}),
        ("SignedUpdateFirmware", {"requestId": 1, "firmware": firmware, "retries": "no"}),
        ("ChangeConfiguration", {"key": "CertificateStoreMaxLength", "value": "1"}),
        ("ChangeConfiguration", {"key": "AdditionalRootCertificateCheck", "value": "true"}),
    ]
    return made


def state(site):
    """The files with certificates and keys, and what is in them."""
    found = []
    for name in sorted(os.listdir(site.path)):
        if name.startswith("root.") or name.startswith("client."):
            with open(site.path + "/" + name, "rb") as file:
                found.append((name, file.read()))
    return found


def check(action, payload, answer):
    """Whether the state may be another one; the answer is one of those that the specification has."""
    if isinstance(answer, str):
        assert answer in ERRORS, (action, answer, payload)
        return False
    return "status" in answer and answer["status"] not in REFUSED and action != "GetInstalledCertificateIds"


def test_mutated_messages():
    random.seed(20260301)

    async def story(site):
        with replaced(events, tell=lambda kind, info="": None):  # that of play() keeps them
            await fuzz(site)

    async def fuzz(site):
        from profiles.security import sign_certificate

        assert await install(site, authority(11)) == "Accepted"
        await sign_certificate.triggered(security(site))
        found = texts(site, point_of(site.central.of("SignCertificate")[0]["csr"]))
        right = messages(found, await hash_data(site, 11))
        before, first, accepted = state(site), None, 0
        for number in range(COUNT):
            action, payload = random.choice(right)
            payload = mutated(payload)
            answer = await site.central.send_call(action, payload)
            if check(action, payload, answer):
                accepted += 1
                before = await undone(site, before)
            assert state(site) == before, (action, payload, answer)
            if number % 1000 == 200:
                site.central.got.clear()
                site.central.ids.clear()
                site.tasks = [task for task in site.tasks if not task.done()]
                gc.collect()
                first = first or gc.mem_alloc()
                assert gc.mem_alloc() < first + SLACK, (number, first, gc.mem_alloc())
        print("fuzz: %d messages, %d of them accepted" % (COUNT, accepted))

    play(story)


async def undone(site, before):
    """What was accepted is taken back, so that all of it happens again and again."""
    for name, _ in state(site):
        os.remove(site.path + "/" + name)
    for name, content in before:
        with open(site.path + "/" + name, "wb") as file:
            file.write(content)
    return before
