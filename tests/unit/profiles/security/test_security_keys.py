"""The configuration keys of the security extensions (white paper 7), and which profiles the central system is shown."""

import charging
from charging import Site
from helpers import folder, raises
from key_rows import fixed, put, row, shown

from profiles.security import Security

KEY = "AuthorizationKey"


def play(story, **options):
    charging.play(story, profiles=(Security,), **options)


def test_SupportedFeatureProfiles_has_only_names_of_9_1_29():
    async def story(site):
        await fixed(site, "SupportedFeatureProfiles", "Core", "Core,Security")
        assert [profile.name for profile in site.engine.profiles] == ["Core", "Security"]

    play(story)
    play(story, keys={"SupportedFeatureProfiles": "Core,Security"})


def test_the_owner_may_switch_the_profile_off():
    async def story(site):
        assert await put(site, "CpoName", "Operator") == "NotSupported"

    play(story, keys={"SupportedFeatureProfiles": "Core"})


def test_AdditionalRootCertificateCheck():
    async def story(site):
        await fixed(site, "AdditionalRootCertificateCheck", "false", "true")

    async def chosen(site):
        await fixed(site, "AdditionalRootCertificateCheck", "true", "false")

    play(story)
    play(chosen, keys={"AdditionalRootCertificateCheck": "true"})


def test_CertificateSignedMaxChainSize():
    async def story(site):
        await fixed(site, "CertificateSignedMaxChainSize", "3900", "10000", "0")

    play(story)
    text = str(raises(ValueError, lambda: _site(CertificateSignedMaxChainSize="3901")))
    assert "CertificateSignedMaxChainSize" in text and "3901" in text


def test_CertificateStoreMaxLength():
    async def story(site):
        await fixed(site, "CertificateStoreMaxLength", "8", "16", "0")

    play(story)


def test_CpoName():
    """As long as an organizationName may be."""

    async def story(site):
        await row(site, "CpoName", "", ("Operator", "x" * 64, "Strom & Töchter GmbH"), ("x" * 65,))

    play(story)


def test_AuthorizationKey_is_never_shown():
    async def story(site):
        answer = await site.central.ask("GetConfiguration", key=[KEY])
        assert answer == {"configurationKey": [], "unknownKey": [KEY]}
        names = [element["key"] for element in (await site.central.ask("GetConfiguration"))["configurationKey"]]
        assert "CpoName" in names and KEY not in names

    play(story, keys={KEY: "0123456789abcdef0123"})


def test_a_wrong_AuthorizationKey_is_not_in_the_message_for_the_owner():
    wrong = "secret" * 10
    text = str(raises(ValueError, lambda: _site(AuthorizationKey=wrong)))
    assert KEY in text and "60 characters" in text and "secret" not in text


def test_SecurityProfile():
    """What is asked of a new one has tests of its own, in ocpp/link."""

    async def story(site):
        assert await shown(site, "SecurityProfile") == ("0", False)
        for value in ("0", "1", "4", "x"):
            assert await put(site, "SecurityProfile", value) == "Rejected"
        assert await put(site, KEY, "0123456789abcdef") == "Accepted"
        assert await put(site, "SecurityProfile", "1") == "Accepted"
        await site.restart()
        assert await shown(site, "SecurityProfile") == ("0", False), "until there is a connection with it"

    play(story)


def _site(**keys):
    return Site(folder("keys"), keys=keys, profiles=(Security,))
