"""What a presented identifier does, and which connector it gets (1.6 4.1, 4.9, E 3.20)."""

from charging import play

from profiles.core.card_presented import free_connector, present


async def refused(site, id_tag, number=None):
    try:
        await present(site.core, id_tag, number)
    except ValueError as error:
        return str(error)
    return None


def test_a_waiting_car_goes_before_an_empty_connector_and_that_before_a_finished_session():
    async def story(site):
        first, second, third = site.core.connectors
        assert free_connector(site.core, None) is first
        first.finishing = True
        assert free_connector(site.core, None) is second
        site.board.plug(3, True)
        await site.run(1000)
        assert free_connector(site.core, None) is third
        second.operative = third.operative = False
        assert free_connector(site.core, None) is first
        first.operative = False
        assert free_connector(site.core, None) is None

    play(story, connectors=3)


def test_a_numbered_connector_must_be_free_and_exist():
    async def story(site):
        first, second = site.core.connectors
        assert free_connector(site.core, 2) is second
        assert free_connector(site.core, 3) is None and free_connector(site.core, 0) is None
        site.board.fault(2, "GroundFailure")
        await site.run(100)
        assert free_connector(site.core, 2) is None
        await site.card("A", 1)
        assert free_connector(site.core, 1) is None

    play(story, connectors=2)


def test_refusals():
    async def story(site):
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
        assert await refused(site, "B", 1) == "Blocked"
        assert site.core.connectors[0].free
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
        await site.charge("A")
        assert await refused(site, "B", 1) == "the connector is in use or reserved"
        assert await refused(site, "B") == "the connector is in use or reserved"
        site.core.connectors[0].operative = False
        await site.card("A")
        await site.run(2000)
        asked = len(site.central.of("Authorize"))
        assert await refused(site, "B") == "no connector is free"
        assert len(site.central.of("Authorize")) == asked, "nothing would come of the answer"

    play(story)


def test_a_connector_that_is_taken_while_the_answer_is_on_its_way():
    async def story(site):
        def answer(payload):
            site.core.connectors[0].session.claim(site.core.connectors[0], "other")
            return {"idTagInfo": {"status": "Accepted"}}

        site.central.answers["Authorize"] = answer
        assert await refused(site, "A", 1) == "the connector is in use or reserved"
        assert site.core.connectors[0].authorization[0] == "other"

    play(story)


def late(site, id_tag, number, meanwhile):
    """`id_tag` is presented at connector `number`; `meanwhile(site)` before the answer of the central system to it."""

    async def presented():
        site.central.answers["Authorize"] = None
        await site.card(id_tag, number)
        question = site.central.ids[-1]
        await meanwhile(site)
        body = b'[3,"%s",{"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP"}}]'
        site.central.rpc.receive(body % question.encode())
        await site.run(4000)
        assert not site.core.taps

    return presented()


def test_a_card_that_would_have_stopped_a_session_does_not_begin_one():
    """The session has ended in another way before the answer; its car is still there, or has gone."""

    async def stopped(site):
        await site.card("OWNER", 1)
        await site.run(1000)
        assert site.core.connectors[0].free and site.core.connectors[0].evse.plugged

    async def gone(site):
        site.board.plug(1, False)
        await site.run(1000)
        assert site.core.connectors[0].free

    for meanwhile in (stopped, gone):
        for number in (1, None):

            async def story(site, meanwhile=meanwhile, number=number):
                await site.charge("OWNER")
                await late(site, "OTHER", number, meanwhile)
                assert site.core.connectors[0].authorization is None
                assert len(site.central.of("StartTransaction")) == 1

            play(story)


def test_a_card_does_not_begin_a_session_at_a_connector_that_was_in_use():
    """The one that was free has been taken before the answer."""

    async def meanwhile(site):
        await site.card("OWNER", 1)
        second = site.core.connectors[1]
        second.session.claim(second, "FASTER")
        await site.run(1000)
        assert site.core.connectors[0].free

    async def story(site):
        await site.charge("OWNER")
        await late(site, "OTHER", None, meanwhile)
        assert site.core.connectors[0].authorization is None and site.core.connectors[1].authorization[0] == "FASTER"
        assert len(site.central.of("StartTransaction")) == 1

    play(story, connectors=2)


def test_a_reader_at_one_connector_leaves_the_others_alone():
    async def story(site):
        await site.charge("A", 1)
        await site.card("A", 2)
        assert site.core.connectors[0].transaction and site.core.connectors[1].authorization[0] == "A"

    play(story, connectors=2)


def test_a_refused_card_does_not_stop_the_reader():
    async def story(site):
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Invalid"}}
        await site.card("A", 1)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
        await site.card("B", 1)
        assert site.core.connectors[0].authorization[0] == "B"

    play(story)
