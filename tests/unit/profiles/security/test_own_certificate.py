"""The certificate of the charge point: asked for, checked, kept (white paper A02)."""

from certificate_maker import Key, chain, name
from certified import SERIAL, SUBJECT, authority, delete, install, play, security, signed
from own_certificate import CA, ROOT, accepted, certificate, days, files, own, triggered

from x509 import private_key


def test_a_certificate_is_asked_for_and_kept():
    """A02.FR.02, 03, 13: a new key each time, CpoName and serial number in the request."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        first = await triggered(site)
        point = await triggered(site)
        assert point != first
        made = certificate(point)
        assert await signed(site, chain(made)) == "Accepted"
        assert [one.chain for one in own(site)] == [[made]] and files(site) == ["client.1"]
        assert private_key.read(own(site)[0].key)[1] == point
        assert await signed(site, chain(made)) == "Accepted" and files(site) == ["client.1"], "the answer was lost"
        await site.restart()
        assert [one.chain for one in own(site)] == [[made]]

    told = play(story)
    assert [kind for kind, _ in told] == ["ReconfigurationOfSecurityParameters"] * 2


def test_with_the_CAs_between_in_the_order_of_TLS():
    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        made = certificate(await triggered(site), ca=CA)
        between = authority(CA, ROOT).der
        assert await signed(site, chain(made)) == "Rejected", "the chain is broken"
        assert await signed(site, chain(made, authority(ROOT).der, between)) == "Accepted"
        assert own(site)[0].chain == [made, between]

    play(story)


def test_what_cannot_be_used_is_refused_and_reported():
    """A02.FR.06, 07; Accepted is the right one after all of them."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        point = await triggered(site)
        right = certificate(point)
        wrong = {
            "": "no text",
            chain(right)[:-40]: "cut off",
            chain(right[:-1] + bytes([right[-1] ^ 1])): "its signature is wrong",
            chain(certificate(Key(77).point)): "another key",
            chain(certificate(point, name("SN-0002", "Operator"))): "another serial number",
            chain(certificate(point, name(SERIAL, "Somebody"))): "another organization",
            chain(certificate(point, name(SERIAL, None))): "without organization",
            chain(certificate(point, name(None, "Operator"))): "without serial number",
            chain(certificate(point, ca=13)): "by a CA that is not installed",
            chain(certificate(point, ends="260228000000Z")): "expired",
            chain(authority(ROOT).sign(SUBJECT, point, ca=True)): "of a CA",
            chain(authority(ROOT).der, right): "the root first",
            chain(*[right] * 6): "too many",
            chain(right) + "#" * 3900: "too long",
        }
        for text, why in wrong.items():
            assert await signed(site, text) == "Rejected", why
            assert own(site) == [], why
        answer = await site.central.ask("CertificateSigned", certificateChain="x" * 10001)
        assert answer == "PropertyConstraintViolation"
        refused.extend(wrong)
        assert await signed(site, chain(right)) == "Accepted"

    refused = []
    told = play(story)
    assert [kind for kind, _ in told].count("InvalidChargePointCertificate") == len(refused) > 10


def test_without_a_root_nothing_can_be_checked():
    async def story(site):
        assert await signed(site, chain(certificate(await triggered(site)))) == "Rejected"

    play(story)


def test_one_that_is_valid_later_waits():
    """A02.FR.08, 09: the old one is in use until then."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        old = await accepted(site)
        new = await accepted(site, begins="260311000000Z")
        assert [one.chain[0] for one in own(site)] == [old, new]
        await days(site, 10)
        assert [one.chain[0] for one in own(site)] == [new, old]

    play(story)


def test_the_one_in_use_stays_as_fallback():
    """A02.FR.10; of two that have come since, the newer one."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        first = await accepted(site)
        site.central.client = "client.1"
        second = await accepted(site, begins="260201000000Z")
        assert [one.chain[0] for one in own(site)] == [second, first]
        third = await accepted(site, begins="260202000000Z")
        assert [one.chain[0] for one in own(site)] == [third, first]
        site.central.client = None
        fourth = await accepted(site, begins="260203000000Z")
        assert [one.chain[0] for one in own(site)] == [fourth, third]

    play(story)


def test_what_is_missing_for_a_request():
    """A02, prerequisite: CpoName; A00.FR.429, 511: the serial number, which is no URL and no address."""

    async def story(site):
        from profiles.security import sign_certificate

        for serial_number in (None, "", "http://x", "192.168.0.1", "::1"):
            site.engine.boot_payload["chargePointSerialNumber"] = serial_number
            assert "serial_number" in sign_certificate.missing(security(site)), serial_number
            await sign_certificate.triggered(security(site))
        site.engine.boot_payload["chargePointSerialNumber"] = SERIAL
        await site.change(CpoName="")
        assert "CpoName" in sign_certificate.missing(security(site))
        asked = {"requestedMessage": "SignChargePointCertificate"}
        assert (await site.central.send_call("ExtendedTriggerMessage", asked))["status"] == "Rejected"
        await sign_certificate.triggered(security(site))
        assert site.central.of("SignCertificate") == [] and files(site) == []
        await site.change(CpoName="Operator")
        assert sign_certificate.missing(security(site)) == ""
        await triggered(site)

    play(story)


def test_it_cannot_be_deleted():
    """M04.FR.05."""
    from x509 import certificate as reading
    from x509.hash_data import of

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        data = of(reading.read(await accepted(site)), reading.read(authority(ROOT).der))
        assert await delete(site, data) == "Failed" and files(site) == ["client.1"]

    play(story)
