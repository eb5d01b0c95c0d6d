"""Root certificates: installed, listed, deleted (white paper M03, M04, M05)."""

import os

from certificate_maker import Authority, Key, chain
from certified import MANUFACTURER, authority, delete, hash_data, install, installed, play, security
from helpers import folder

from x509 import pem

OWNERS = 99


def owners_root():
    """The path of the certificate of the authority OWNERS."""
    path = folder("owners") + "/ca.der"
    with open(path, "wb") as file:
        file.write(authority(OWNERS).der)
    return path


def test_roots_of_both_types_are_installed_listed_and_kept():
    """M03, M05.FR.01, 02; a restart changes nothing."""

    async def story(site):
        assert await installed(site) == await installed(site, MANUFACTURER) == []
        assert await install(site, authority(11)) == "Accepted"
        assert await install(site, authority(12), MANUFACTURER) == "Accepted"
        assert await install(site, authority(13)) == "Accepted"
        assert await installed(site) == [13, 11] and await installed(site, MANUFACTURER) == [12]
        assert await install(site, authority(11)) == "Accepted" and await installed(site) == [13, 11], "not twice"
        await site.restart()
        assert await installed(site) == [13, 11] and await installed(site, MANUFACTURER) == [12]

    told = play(story)
    assert [kind for kind, _ in told] == ["ReconfigurationOfSecurityParameters"] * 3
    assert "Root 11" in told[0][1]


def test_no_more_than_CertificateStoreMaxLength():
    """M05.FR.03; both types together."""

    async def story(site):
        for number in (11, 12):
            assert await install(site, authority(number)) == "Accepted"
        assert await install(site, authority(13), MANUFACTURER) == "Rejected"
        assert await install(site, authority(12)) == "Accepted", "which is there already"
        assert await delete(site, await hash_data(site, 11)) == "Accepted"
        assert await install(site, authority(13), MANUFACTURER) == "Accepted"

    play(story, keys={"CertificateStoreMaxLength": "2"})


def test_what_is_no_valid_root_is_rejected():
    """M05.FR.06."""
    root = authority(11)
    key = Key(50)
    wrong = {
        "": "no text",
        "nonsense": "no PEM",
        pem.pem("PUBLIC KEY", root.der): "not a certificate",
        root.pem[:-40]: "cut off",
        pem.pem("CERTIFICATE", root.der[:-1]): "cut off within",
        pem.pem("CERTIFICATE", root.der[:-1] + b"\x00"): "the signature is wrong",
        chain(root.der, root.der): "two",
        chain(root.sign(root.name, key.point)): "no CA",
        chain(authority(12, 11).der): "its issuer is not known",
        authority(21, ends="210101000000Z").pem: "expired",
        authority(22, begins="300101000000Z").pem: "not valid yet",
    }

    async def story(site):
        for text, why in wrong.items():
            assert await install(site, text) == "Rejected", why
            assert await installed(site) == [], why
        assert await install(site, "x" * 5501) == "PropertyConstraintViolation"

    assert play(story) == []


def test_a_CA_whose_issuer_is_installed_is_taken():
    async def story(site):
        assert await install(site, authority(11)) == "Accepted"
        assert await install(site, authority(12, 11)) == "Accepted"
        data = await hash_data(site, 12)
        own = await hash_data(site, 11)
        assert data["issuerNameHash"] == own["issuerNameHash"] and data["issuerKeyHash"] == own["issuerKeyHash"]
        assert await delete(site, own) == "Accepted"
        assert await hash_data(site, 12) == data, "the hash of its issuer's key is kept"
        assert await delete(site, data) == "Accepted" and await installed(site) == []

    play(story)


def test_a_root_is_deleted_by_its_hash_data():
    """M04.FR.02, 04; with each algorithm, in any case (CiString)."""

    async def story(site):
        for number in (11, 12, 13):
            assert await install(site, authority(number)) == "Accepted"
        data = await hash_data(site, 11)
        for field in ("issuerNameHash", "issuerKeyHash", "serialNumber"):
            other = dict(data)
            other[field] = "0" + other[field][1:] if other[field][:1] != "0" else "1" + other[field][1:]
            assert await delete(site, other) == "NotFound", field
        assert await delete(site, dict(data, hashAlgorithm="SHA512")) == "NotFound"
        upper = {field: text.upper() for field, text in data.items()}
        assert await delete(site, upper) == "Accepted" and await installed(site) == [13, 12]
        assert await delete(site, data) == "NotFound"
        await site.restart()
        assert await installed(site) == [13, 12]

    play(story)


def test_hash_data_of_other_algorithms_is_found():
    async def story(site):
        from x509 import certificate
        from x509.hash_data import of

        root = certificate.read(authority(11).der)
        for algorithm in ("SHA256", "SHA384", "SHA512"):
            assert await install(site, authority(11)) == "Accepted"
            assert await delete(site, of(root, root, algorithm)) == "Accepted"
            assert await installed(site) == []

    play(story)


def test_the_root_of_this_connection_stays():
    """M04.FR.06."""

    async def story(site):
        assert await install(site, authority(11)) == await install(site, authority(12)) == "Accepted"
        newest, _ = [name for name in sorted(os.listdir(site.path)) if name.startswith("root.c.")][::-1]
        site.central.root = newest
        assert await delete(site, await hash_data(site, 12)) == "Failed"
        assert await delete(site, await hash_data(site, 11)) == "Accepted"
        site.central.root = None
        assert await delete(site, await hash_data(site, 12)) == "Accepted", "the last one too, see the remarks of M04"

    play(story)


def test_the_owners_root_counts_and_stays():
    """csms.ca_cert of config.json is a CentralSystemRootCertificate that only the owner takes away."""
    path = owners_root()

    async def story(site):
        security(site).ca_cert = path
        assert await installed(site) == [OWNERS]
        assert await install(site, authority(11)) == "Accepted" and await installed(site) == [11, OWNERS]
        assert await install(site, authority(12)) == "Rejected", "CertificateStoreMaxLength"
        assert await install(site, authority(OWNERS)) == "Accepted" and await installed(site) == [11, OWNERS]
        assert await delete(site, await hash_data(site, OWNERS)) == "Failed"
        assert await installed(site) == [11, OWNERS]

    play(story, keys={"CertificateStoreMaxLength": "2"})


def test_a_file_that_cannot_be_read_does_no_harm():
    async def story(site):
        assert await install(site, authority(11)) == await install(site, authority(12)) == "Accepted"
        (first,) = [name for name in os.listdir(site.path) if name == "root.c.1"]
        with open(site.path + "/" + first, "wb") as file:
            file.write(b"\x30\x05torn")
        assert await installed(site) == [12]
        assert await install(site, authority(13)) == "Accepted" and await installed(site) == [13, 12]

    play(story)


def test_flash_that_fails_is_Failed():
    """M05.FR.04, M04.FR.03: neither is half done."""

    async def story(site):
        assert await install(site, authority(11)) == "Accepted"
        data = await hash_data(site, 11)
        site.engine.store.write_file = broken
        assert await install(site, authority(12)) == "Failed" and await installed(site) == [11]
        os.remove(site.path + "/root.c.1")
        os.mkdir(site.path + "/root.c.1")
        assert await delete(site, data) == "NotFound"
        os.rmdir(site.path + "/root.c.1")

    def broken(name, *parts):
        raise OSError(28)

    play(story)


def test_names_of_files_of_others_are_left_alone():
    async def story(site):
        for other in ("root.c.x", "root.c.", "root.m.1.der", "root.x.1"):
            with open(site.path + "/" + other, "w") as file:
                file.write("of somebody")
        assert await installed(site) == []
        assert await install(site, authority(11)) == "Accepted" and await installed(site) == [11]

    play(story)


def test_with_the_check_a_new_root_is_signed_by_the_old_one_and_replaces_it():
    """M05.FR.08 to 12."""

    async def story(site):
        assert await install(site, authority(11)) == "Accepted"
        assert await install(site, authority(13)) == "Rejected", "M05.FR.10"
        assert await install(site, Authority("Root 11", 14)) == "Rejected", "of the same name, with another key"
        assert await installed(site) == [11]
        assert await install(site, authority(12, 11)) == "Accepted", "M05.FR.11"
        assert await installed(site) == [12, 11]
        assert await install(site, authority(15, 11)) == "Rejected", "two at most (M05.FR.08)"
        assert await install(site, authority(13), MANUFACTURER) == "Accepted", "which is no matter of the check"
        roots(site).works("root.c.1")
        assert await installed(site) == [12, 11], "the old one works: nothing changes"
        roots(site).works("root.c.2")
        assert await installed(site) == [12], "M05.FR.12"
        await site.restart()
        assert await installed(site) == [12] and await installed(site, MANUFACTURER) == [13]
        assert await install(site, authority(15, 11)) == "Rejected", "the root that may replace others is another now"

    play(story, keys={"AdditionalRootCertificateCheck": "true"})


def test_with_the_check_the_owners_root_is_the_first_one():
    """It is retired by the file of its hash, so that another one of the owner's counts."""
    path = owners_root()

    async def story(site):
        security(site).ca_cert = path
        assert await install(site, authority(11)) == "Rejected"
        assert await install(site, authority(12, OWNERS)) == "Accepted"
        assert await installed(site) == [12, OWNERS]
        roots(site).works("root.c.1")
        assert await installed(site) == [12]
        with open(path, "wb") as file:
            file.write(authority(98).der)
        assert await installed(site) == [12, 98], "the owner has another one"
        with open(path, "wb") as file:
            file.write(authority(OWNERS).der)
        assert await delete(site, await hash_data(site, 12)) == "Accepted"
        assert await installed(site) == [OWNERS], "without any other it counts again"

    play(story, keys={"AdditionalRootCertificateCheck": "true"})


def test_without_the_check_nothing_is_replaced():
    async def story(site):
        assert await install(site, authority(11)) == await install(site, authority(12)) == "Accepted"
        roots(site).works("root.c.2")
        assert await installed(site) == [12, 11]

    play(story)


def roots(site):
    from profiles.security import installed as module

    return module.roots(security(site))
