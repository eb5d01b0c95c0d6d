"""A card while the central system is silent: one deadline from the tap on, and the second tap takes it back."""

from charging import play, until

from memory import load
from profiles.core import cache

SOON_S = 0.05


def remember(site, *tags):
    for id_tag in tags:
        cache.learn(site.engine, id_tag, {"status": "Accepted"})


def heard(site):
    """What the reader tells the drivers from now on."""
    told = []
    site.core.card_reader.heard = told.append
    return told


def silent(site, seconds=SOON_S, *actions):
    """The central system answers none of these any more; what is known here decides after `seconds`."""
    for action in actions or ("Authorize",):
        site.central.answers[action] = None
    load("profiles.core.authorization").DECISION_S = seconds


async def decided(site):
    await until(lambda: not site.core.taps)


def test_a_known_card_charges_in_a_dead_network():
    """Online as far as anybody knows, and no answer comes."""

    async def story(site):
        remember(site, "GOOD")
        silent(site)
        site.board.ev(1, "C")
        await site.run(1000)
        await site.card("GOOD", 1)
        assert site.core.card_reader.busy and not site.core.connectors[0].authorization
        await decided(site)
        await site.run(4000)
        assert site.core.connectors[0].transaction and site.evses[0].contactor_closed
        assert not site.core.card_reader.busy

    play(story)


def test_it_does_not_wait_behind_another_CALL():
    """A StatusNotification, a Heartbeat, or a message of a transaction is open, and stays so; nothing else is sent
    meanwhile (J 4.1.1)."""

    async def status(site):
        site.core.status.all()

    async def heartbeat(site):
        site.engine.spawn(load("ocpp.engine.heartbeat").send, site.engine)

    async def data(site):
        site.engine.spawn(site.engine.call, "DataTransfer", {"vendorId": "v"})

    for action, send in (("StatusNotification", status), ("Heartbeat", heartbeat), ("DataTransfer", data)):

        async def story(site, action=action, send=send):
            remember(site, "GOOD")
            silent(site, SOON_S, action, "Authorize")
            await send(site)
            await site.settle()
            sent = len(site.central.got)
            await site.card("GOOD", 1)
            await decided(site)
            assert site.core.connectors[0].authorization and len(site.central.got) == sent, action

        play(story)


def test_who_is_not_accepted_here_waits_for_the_answer():
    """DECISION_S is for those who would be let in."""

    async def story(site):
        silent(site)
        await site.card("UNKNOWN", 1)
        question = site.core.questions["unknown"]
        await until(lambda: site.central.of("Authorize"))
        await site.card("OTHER", 1)
        await until(lambda: len(site.core.questions) == 2)
        site.central.lose()
        await decided(site)
        assert question.answer is None and not site.core.connectors[0].authorization and not site.core.questions

    play(story)


def test_unknown_cards_that_are_allowed_offline_are_decided_on_in_time_too():
    async def story(site):
        silent(site)
        await site.card("UNKNOWN", 1)
        await decided(site)
        assert site.core.connectors[0].authorization

    play(story, keys={"AllowOfflineTxForUnknownId": "true"})


def test_without_local_authorization_nobody_is_let_in_before_the_answer():
    async def story(site):
        remember(site, "GOOD")
        silent(site)
        heard_of = heard(site)
        await site.card("GOOD", 1)
        await until(lambda: not site.core.taps)
        assert heard_of == [False] and not site.core.connectors[0].authorization

    play(story, keys={"LocalAuthorizeOffline": "false", "MessageTimeout": "1"})


def test_an_answer_that_comes_late_is_remembered():
    async def story(site):
        remember(site, "GOOD")
        silent(site)
        await site.card("GOOD", 1)
        await decided(site)
        assert site.core.connectors[0].authorization
        site.central.rpc.receive(b'[3,"%s",{"idTagInfo":{"status":"Blocked"}}]' % site.central.ids[-1].encode())
        await site.settle()
        assert cache.lookup(site.engine, "good") == ("Blocked", None) and not site.core.questions

    play(story)


def test_the_second_tap_takes_the_first_back_before_the_decision():
    """4.9 B1; in any case of the letters (E 3.74), at the reader of one connector and of all."""
    for number in (1, None):

        async def story(site, number=number):
            remember(site, "GOOD")
            silent(site, 0.2)
            told = heard(site)
            await site.card("GOOD", number)
            await site.card("good", number)
            assert not site.core.taps and told == [True] and not site.core.card_reader.busy
            await until(lambda: len(site.central.of("Authorize")) == 1)
            site.central.rpc.receive(b'[3,"%s",{"idTagInfo":{"status":"Accepted"}}]' % site.central.ids[-1].encode())
            await site.settle()
            site.board.ev(1, "C")
            await site.run(4000)
            assert not site.core.connectors[0].authorization and not site.central.of("StartTransaction")
            assert told == [True]

        play(story)


def test_the_third_tap_presents_the_card_again_without_another_authorize():
    async def story(site):
        remember(site, "GOOD")
        silent(site, 0.2)
        for _ in range(3):
            await site.card("GOOD", 1)
        assert len(site.core.questions) == 1
        await decided(site)
        assert site.core.connectors[0].authorization and len(site.central.of("Authorize")) == 1

    play(story)


def test_the_second_tap_takes_back_what_would_have_stopped_a_session_of_the_group():
    async def story(site):
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "G"}}
        await site.charge("A")
        silent(site, 5)
        await site.card("B", 1)
        await site.card("B", 1)
        assert not site.core.taps
        body = b'[3,"%s",{"idTagInfo":{"status":"Accepted","parentIdTag":"G"}}]'
        site.central.rpc.receive(body % site.central.ids[-1].encode())
        await site.run(2000)
        assert site.core.connectors[0].transaction and not site.central.of("StopTransaction")

    play(story)


def test_another_card_neither_waits_nor_takes_back():
    """Each reader and each card by itself; who comes first to his decision gets the connector."""

    async def story(site):
        remember(site, "B")
        silent(site)
        await site.card("A")
        await site.card("B")
        await until(lambda: site.core.connectors[0].authorization)
        assert site.core.connectors[0].authorization[0] == "B" and list(site.core.taps) == [("a", None)]
        assert site.core.card_reader.busy
        await site.card("A")
        assert not site.core.taps and not site.core.card_reader.busy

    play(story, connectors=2)


def test_the_same_card_at_two_connectors():
    async def story(site):
        remember(site, "A")
        silent(site)
        await site.card("A", 1)
        await site.card("A", 2)
        await decided(site)
        assert [connector.authorization[0] for connector in site.core.connectors] == ["A", "A"]

    play(story, connectors=2)


def test_a_flood_of_cards():
    """As many as can be decided on, the others are refused at once; all go in the end."""

    async def story(site):
        silent(site)
        told = heard(site)
        for number in range(20):
            await site.card("CARD%d" % number, 1)
        assert len(site.core.taps) <= 4 and len(site.core.questions) <= 8 and told.count(False) == 16
        site.central.lose()
        await decided(site)
        assert told == [False] * 20 and not site.core.questions

    play(story)


def test_a_remote_start_keeps_to_the_deadline_too():
    """AuthorizeRemoteTxRequests for one who is known, in a dead network."""

    async def story(site):
        remember(site, "GOOD")
        silent(site)
        assert await site.central.ask("RemoteStartTransaction", idTag="GOOD", connectorId=1) == {"status": "Accepted"}
        await until(lambda: site.core.connectors[0].authorization)
        assert site.core.connectors[0].authorization[0] == "GOOD"

    play(story)


def test_a_decision_that_fails_does_not_stop_the_reader():
    """An error that nobody expects costs this card only."""

    async def story(site):
        told = heard(site)
        outbox = site.engine.outbox
        site.engine.outbox = None
        site.board.card("A", 1)
        await until(lambda: told)
        site.engine.outbox = outbox
        assert told == [False] and len(site.errors) == 1 and not site.core.taps
        site.errors.clear()
        await site.card("A", 1)
        assert site.core.connectors[0].authorization

    play(story)


def test_time_of_the_decision():
    """15 s from the tap: the lock takes less than 1 s, the offer and its car 3 s."""
    assert load("profiles.core.authorization").DECISION_S + 4 < 15
