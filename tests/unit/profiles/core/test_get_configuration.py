"""GetConfiguration.conf (1.6 5.8): in one piece where memory is plenty, while it is made where it is not."""

import json

import memory
from charging import play
from ocpp.errors import OcppError
from profiles.core.calls import get_configuration


async def asked(site, plenty, **payload):
    """(answer, how many pieces it came in)."""
    was, memory.short = memory.short, lambda: not plenty
    try:
        pieces = list(await get_configuration.handle(site.core, payload))
    finally:
        memory.short = was
    return json.loads(b"".join(pieces)), len(pieces)


def test_the_answer_is_the_same_with_and_without_memory():
    async def story(site):
        for payload in ({}, {"key": []}, {"key": ["heartbeatinterval", "Nothing", "NumberOfConnectors", 'a"b']}):
            one, count = await asked(site, True, **payload)
            assert count == 1
            several, count = await asked(site, False, **payload)
            assert several == one and (count > 5 or payload.get("key"))
        assert one["unknownKey"] == ["Nothing", 'a"b'] and len(one["configurationKey"]) == 2

    play(story)


def test_a_change_is_shown_in_the_next_answer():
    async def story(site):
        for plenty in (True, False, True):
            for value in ("17", "18"):
                await asked(site, plenty)
                await site.change(HeartbeatInterval=value)
                shown = (await asked(site, plenty))[0]["configurationKey"]
                assert [element["value"] for element in shown if element["key"] == "HeartbeatInterval"] == [value]

    play(story)


def test_a_value_that_is_too_long_is_not_sent():
    """With and without memory (6.24: 500 characters)."""

    async def story(site):
        for plenty in (True, False):
            site.core.engine.keys.values["MeterValuesSampledData"] = ["x" * 501]
            site.core.engine.keys.changes += 1
            try:
                await asked(site, plenty)
            except OcppError as error:
                assert error.code == "PropertyConstraintViolation", error.code
            else:
                raise AssertionError("sent")
            site.core.engine.keys.values["MeterValuesSampledData"] = ["x" * 500]
            site.core.engine.keys.changes += 1
            await asked(site, plenty)

    play(story)


def test_memory_that_is_free_but_in_pieces():
    """The answer leaves in pieces, too, when there was no room for it in one."""

    async def story(site):
        whole, count = await asked(site, True)
        assert count == 1
        await site.change(HeartbeatInterval="19")  # so that it is made again
        schema, failed = site.core.engine.schema, []
        check = schema.check

        def no_room(*args):
            failed.append(args)
            raise MemoryError

        schema.check = no_room
        try:
            several, count = await asked(site, True)
        finally:
            schema.check = check
        assert failed and count > 5 and len(several["configurationKey"]) == len(whole["configurationKey"])

    play(story)
