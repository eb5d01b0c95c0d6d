"""The certificate of the charge point: requests without an answer, renewal, which one is used (A02, A03)."""

from certificate_maker import chain
from certified import authority, install, play, signed
from charging import until
from own_certificate import ROOT, TO_2027, accepted, certificate, days, files, own, point_of, triggered

from ocpp.errors import OcppError


def test_a_refused_request_is_not_sent_again():
    """A02.FR.12, error handling; a certificate that comes all the same is taken."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        for answer in ({"status": "Rejected"}, OcppError("NotSupported", "no CA here")):
            site.central.answers["SignCertificate"] = answer
            point = await triggered(site)
            await site.restart()
            await days(site, 1)
            assert point_of(site.central.of("SignCertificate")[-1]["csr"]) == point
        assert len(site.central.of("SignCertificate")) == 2

    play(story)


def test_a_request_without_an_answer_is_sent_again_with_the_same_key():
    """Offline, and after a restart."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        site.central.answers["SignCertificate"] = lambda payload: site.central.lose()
        point = await triggered(site)
        site.central.answers["SignCertificate"] = {"status": "Accepted"}
        site.central.back()
        await days(site, 1)
        sent = site.central.of("SignCertificate")
        assert [point_of(one["csr"]) for one in sent] == [point, point]
        assert await signed(site, chain(certificate(point))) == "Accepted"

        site.central.answers["SignCertificate"] = lambda payload: site.central.lose()
        point = await triggered(site)
        site.central.connected = True
        site.central.answers["SignCertificate"] = {"status": "Accepted"}
        await site.restart()
        await site.wait(3)
        assert point_of(site.central.of("SignCertificate")[-1]["csr"]) == point
        assert len(site.central.of("SignCertificate")) == 4

    play(story)


def test_it_is_renewed_a_month_before_its_end():
    """A03: once, also over restarts, with a new key; the new one is not asked for again."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        await accepted(site, ends="260501000000Z")
        first = point_of(site.central.of("SignCertificate")[-1]["csr"])
        await days(site, 30)
        assert len(site.central.of("SignCertificate")) == 1
        await days(site, 1)
        assert len(site.central.of("SignCertificate")) == 2
        await site.restart()
        await days(site, 2)
        assert len(site.central.of("SignCertificate")) == 2, "the operator looks after it (A03, error handling)"
        point = point_of(site.central.of("SignCertificate")[-1]["csr"])
        assert point != first
        made = certificate(point, begins="260401000000Z")
        assert await signed(site, chain(made)) == "Accepted"
        await days(site, 2)
        assert len(site.central.of("SignCertificate")) == 2 and own(site)[0].chain == [made]

    play(story)


def test_a_renewal_without_CpoName_waits_for_it():
    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        await accepted(site, ends="260320000000Z")
        await site.change(CpoName="")
        await days(site, 18)
        assert len(site.central.of("SignCertificate")) == 1
        await site.change(CpoName="Operator")
        await days(site, 1)
        assert len(site.central.of("SignCertificate")) == 2

    play(story)


def test_one_for_a_short_time_is_renewed_when_a_third_is_left():
    """Or each new one would have to be renewed at once."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        await accepted(site, begins="260227000000Z", ends="260309000000Z")
        await days(site, 4)
        assert len(site.central.of("SignCertificate")) == 1
        await days(site, 1)
        assert len(site.central.of("SignCertificate")) == 2

    play(story)


def test_old_ones_go():
    """A02.FR.10: after a month in which the new one works, or when they expire."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        await accepted(site, ends="261201000000Z")
        await accepted(site, begins="260228000000Z", ends=TO_2027)
        assert files(site) == ["client.1", "client.2"]
        await days(site, 31)
        assert files(site) == ["client.1", "client.2"], "nobody knows whether the new one works"
        site.central.client = "client.2"
        await days(site, 1)
        assert files(site) == ["client.2"]
        site.central.client = None
        await accepted(site, begins="260401000000Z", ends="261231000000Z")
        assert files(site) == ["client.2", "client.3"]

    play(story)


def test_a_new_one_is_used_at_once_where_the_connection_needs_one():
    """A02.FR.08: the connection is closed, after the answer, for the next one begins with it."""

    async def story(site):
        assert await install(site, authority(ROOT)) == "Accepted"
        await accepted(site)
        await until(lambda: site.tasks[-1].done())
        assert site.central.closed is None, "SecurityProfile is 0"
        site.engine.keys.values["SecurityProfile"] = 3
        await accepted(site, begins="260302000000Z")
        await site.wait(3)
        assert site.central.closed is None, "it is not valid yet"
        await days(site, 1)
        await until(lambda: site.central.closed)
        site.central.closed = None
        await accepted(site, begins="260301000000Z")
        await until(lambda: site.central.closed)

    play(story)
