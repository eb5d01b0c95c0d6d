"""Decides who may charge (1.6 3.5, 4.1)."""

import asyncio

from micropython import const

from ocpp import log
import memory
from ocpp.errors import CallError, Offline

from profiles.core import cache

ACCEPTED = "Accepted"
DECISION_S = 10  # lock, offer and car take their part of the 15 s in which a known card charges
_MAX_QUESTIONS = const(8)  # open questions


async def authorize(core, id_tag, group=False):
    """(AuthorizationStatus, parentIdTag or None) of `id_tag`, from list, cache or central system. With `group` ask the
    central system when only the group can decide and no parentIdTag is known here (1.6 5.13).

    Decide by what is known here after DECISION_S, however long the central system takes and whatever CALL is open
    (J 4.1.1: one at a time). An idTag that is not accepted here waits for MessageTimeout."""
    engine = core.engine
    found = known(engine, id_tag)
    here = _offline(engine.keys, found)
    if not engine.online:
        return here
    if found and engine.keys["LocalPreAuthorize"] and _settles(found, group):
        return found
    question = _question(core, id_tag)
    if question is None:
        return here
    memory.hold(__name__, 1)
    try:
        seconds = DECISION_S if _settles(here, group) else engine.keys["MessageTimeout"]
        await asyncio.wait_for(question.answered.wait(), seconds)
    except asyncio.TimeoutError:
        log.warning("Authorize is not answered in time")
    finally:
        memory.hold(__name__, -1)
    return question.answer or here


def _settles(found, group):
    """Whether `found` is an acceptance, with a parentIdTag if the group matters."""
    return found[0] == ACCEPTED and (found[1] is not None or not group)


class Question:
    """An Authorize.req that was sent; `answer` is what authorize() returns, or None without an answer."""

    answer = None

    def __init__(self):
        self.answered = asyncio.Event()
        self.task = None


def _question(core, id_tag):
    """The open Question about `id_tag`, or None when there are too many. A task may stop waiting for the answer; the
    CALL stays open, for no other may follow before its end (J 4.1.1)."""
    name = id_tag.lower()  # CiString (E 3.74)
    question = core.questions.get(name)
    if question is None and len(core.questions) < _MAX_QUESTIONS:
        question = core.questions[name] = Question()
        question.task = asyncio.create_task(_ask(core, id_tag, question))
    return question


async def _ask(core, id_tag, question):
    engine = core.engine
    memory.hold(__name__, 1)
    try:
        info = (await engine.call("Authorize", {"idTag": id_tag})).get("idTagInfo", {})
        question.answer = info.get("status", "Invalid"), info.get("parentIdTag")
        if "status" in info:  # else it is an answer all the same, but no acceptance
            learn(engine, id_tag, info)
    except CallError as error:
        log.warning("Authorize failed: %s", error)
        question.answer = "Invalid", None
    except Offline:
        log.warning("Authorize was not answered")
    except Exception as error:
        log.exception("Authorize failed", error)
    finally:
        memory.hold(__name__, -1)
        del core.questions[id_tag.lower()]
        question.answered.set()


def _offline(keys, found):
    """The decision that is made without the central system (1.6 3.5, 3.5.4)."""
    if found:
        return found if keys["LocalAuthorizeOffline"] or found[0] != ACCEPTED else ("Invalid", None)
    return (ACCEPTED if keys["AllowOfflineTxForUnknownId"] else "Invalid"), None


def known(engine, id_tag):
    """(status, parentIdTag) from the local authorization list, which goes first, or the cache (1.6 3.5.3); or None."""
    return _with_room(_known, engine, id_tag)


def learn(engine, id_tag, info):
    """Keep the idTagInfo `info` of `id_tag` from any answer of the central system (1.6 3.5.1) in the cache, unless the
    local authorization list has it (3.5.2, 3.5.3). Without memory for that, go on."""
    try:
        _with_room(_learn, engine, id_tag, info)
    except MemoryError:
        log.warning("no memory to remember an idTag")


def _with_room(function, *args):
    """function(*args), for the second time after code was unloaded when memory was short."""
    try:
        return function(*args)
    except MemoryError:
        memory.unload()
    return function(*args)


def _known(engine, id_tag):
    found = engine.ask("id_tag_info", id_tag)
    if found is None and engine.keys["AuthorizationCacheEnabled"]:
        found = cache.lookup(engine, id_tag)
    return found


def _learn(engine, id_tag, info):
    if not engine.ask("id_tag_answered", id_tag, info["status"]) and engine.keys["AuthorizationCacheEnabled"]:
        cache.learn(engine, id_tag, info)
