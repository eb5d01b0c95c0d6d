# without coverage: the defects are many
"""A CALLRESULT to a billing message is delivery, whatever is wrong with it: what can be used of it is used (OCPP-J
4.2.2, J 3.3, E 3.18)."""

import json

from central_system import now
from charging import play
from odd_answers import BILLING, KEYS, SESSION, USELESS, send, session, spoil_all

DELIVERED = BILLING + ("StatusNotification",)
ORDER = ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]


def changed(value, change):
    """`value` with everything that is no object in it changed."""
    if isinstance(value, dict):
        return {name: changed(item, change) for name, item in value.items()}
    return change(value)


def extra(action, request, good):
    good = {name: dict(item, more=[]) if isinstance(item, dict) else item for name, item in good.items()}
    return dict(good, x=1, idTag="?", more={"y": [None]}, **{"": None})


def nulls(action, request, good):
    if "idTagInfo" in good:
        good["idTagInfo"] = dict(good["idTagInfo"], expiryDate=None, parentIdTag=None)
    return dict(good, idTagInfo=good.get("idTagInfo"))


def echo(action, request, good):
    return dict(request, **good)


def floats(action, request, good):
    return changed(good, lambda value: float(value) if isinstance(value, int) else value)


def texts(action, request, good):
    return changed(good, lambda value: str(value) if isinstance(value, int) else value)


def capitals(action, request, good):
    return changed(good, lambda value: value.upper() if isinstance(value, str) else value)


def wrong_optional(action, request, good):
    if "idTagInfo" in good:
        good["idTagInfo"] = dict(good["idTagInfo"], expiryDate="soon", parentIdTag=["P"])
    return good


def test_formal_defects_change_nothing():
    """Unknown fields, nulls, an echo of the request, 7.0 and "7" for 7, capitals, optional fields that cannot be read:
    each message is sent once, under one messageId, and each field that is needed is used."""

    async def story(site):
        for change in (extra, nulls, echo, floats, texts, capitals, wrong_optional):
            spoil_all(site, change)
            billing = await session(site)
            name = str(change)
            assert [action for action, _ in billing] == ORDER, name
            assert [payload["transactionId"] for _, payload in billing[1:]] == [101] * 3, name
            assert billing[-1][1]["reason"] == "Local", name
            assert len(set(site.central.ids)) == len(site.central.ids), "nothing came twice"
            assert {action for action, _ in site.central.got} == set(SESSION) - {"BootNotification"}
            assert site.engine.clock.stamp() == now() and site.engine.keys["HeartbeatInterval"] == 3600, name

    play(story, keys=KEYS)


def test_a_frame_with_more_elements_is_an_answer():
    async def story(site):
        usual = site.central.usual()
        for action in SESSION:
            good = usual.get(action, {})
            send(site, action, lambda identity, request, good=good: json.dumps(
                [3, identity, good(request) if callable(good) else good, "more", {}]))
        billing = await session(site)
        assert [payload["transactionId"] for _, payload in billing[1:]] == [101] * 3
        assert len(set(site.central.ids)) == len(site.central.ids)

    play(story, keys=KEYS)


def test_an_answer_without_anything_of_use_is_delivery():
    """E 3.18: without a transactionId the later messages have -1. Nobody has refused the idTag, so the authorization
    with which the transaction began holds. Every message is sent once."""

    async def story(site):
        for useless in USELESS:
            spoil_all(site, lambda action, request, good, useless=useless: useless if action in DELIVERED else good)
            billing = await session(site)
            assert [action for action, _ in billing] == ORDER, useless
            assert [payload["transactionId"] for _, payload in billing[1:]] == [-1] * 3, useless
            assert billing[-1][1]["reason"] == "Local" and len(set(site.central.ids)) == len(site.central.ids)

    play(story, keys=KEYS)


def test_an_echo_of_the_request_is_delivery():
    async def story(site):
        spoil_all(site, lambda action, request, good: request if action in DELIVERED else good)
        billing = await session(site)
        assert [payload["transactionId"] for _, payload in billing[1:]] == [-1] * 3
        assert len(set(site.central.ids)) == len(site.central.ids)

    play(story, keys=KEYS)


def test_a_frame_that_is_cut_or_no_json_is_an_answer_without_content():
    """So is null, or nothing, in the place of the payload (4.2.2)."""

    async def story(site):
        for tail in ("", ",null", ',{"transactionId":101,', ",{]", ',{"transactionId":01}', ",{} and more"):
            for action in BILLING:
                send(site, action, lambda identity, request, tail=tail: '[3,"%s"%s%s' % (
                    identity, tail, "]" if tail in ("", ",null") else ""))
            billing = await session(site)
            assert [payload["transactionId"] for _, payload in billing[1:]] == [-1] * 3, tail
            assert len(set(site.central.ids)) == len(site.central.ids)

    play(story, keys=KEYS)


def test_transaction_ids_of_all_kinds():
    """Zero and negative ones are valid (E 3.54); what is no integer is none."""

    async def story(site):
        for given, used in ((0, 0), (-5, -5), (-1, -1), (2147483647, 2147483647), (12.0, 12), (1e3, 1000), ("12", 12),
                            ("-3", -3), (None, -1), ("x", -1), ("", -1), ("-", -1), ("1.0", -1), (1.5, -1), (True, -1),
                            ([7], -1), ({}, -1), ("9" * 30, -1), (1e300, -1)):
            answer = {"transactionId": given, "idTagInfo": {"status": "Accepted"}}
            site.central.answers["StartTransaction"] = answer
            billing = await session(site)
            assert [payload["transactionId"] for _, payload in billing[1:]] == [used] * 3, given

    play(story, keys=KEYS)


def test_a_defect_beside_it_does_not_hide_a_refusal():
    """The money: Invalid with a null in it stops the car (3.5.4); so does a status that OCPP does not know, which is
    no acceptance."""

    async def story(site):
        for info in ({"status": "Invalid", "expiryDate": None}, {"status": "Blocked", "x": 1}, {"status": "invalid"},
                     {"status": "Expired", "parentIdTag": 5.5}, {"status": "ConcurrentTx", "expiryDate": "never"},
                     {"status": "Rejected"}, {"status": "NotAllowed"}):
            site.central.answers["StartTransaction"] = {"transactionId": 5, "idTagInfo": info, "more": None}
            await site.restart()
            del site.central.got[:]
            await site.charge("A", 1)
            await site.run(4000)
            (stop,) = site.central.of("StopTransaction")
            assert (stop["reason"], stop["transactionId"]) == ("DeAuthorized", 5), info
            assert not site.evses[0].permitted

    play(story)


def test_without_a_status_the_authorization_of_the_start_holds():
    """Also after a restart, which asks what StartTransaction.conf said."""

    async def story(site):
        for info in ({}, {"status": None}, {"status": 1}, {"status": ""}, {"status": {}}, None, "Accepted", []):
            site.central.answers["StartTransaction"] = {"transactionId": 6, "idTagInfo": info}
            await site.restart()
            connector = await site.charge("A", 1)
            assert connector.transaction and site.evses[0].permitted, info
            await site.restart()
            site.board.ev(1, "C")
            await site.run(8000)
            assert site.core.connectors[0].transaction and site.evses[0].permitted, info
            await site.card("A", 1)
            await site.run(2000)
            assert site.central.of("StopTransaction")[-1]["transactionId"] == 6

    play(story)
