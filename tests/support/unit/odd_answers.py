"""What the tests of odd answers share: a central system that spoils its CALLRESULTs, a session with each message."""

from charging import send_heartbeat, until

BILLING = ("StartTransaction", "MeterValues", "StopTransaction")
SESSION = ("BootNotification", "StatusNotification", "Authorize", "Heartbeat") + BILLING
USELESS = ({}, [], [{}], "", "text", 7, 0.5, True, False, {"x": None}, {"status": None}, {"idTagInfo": None})
KEYS = {"MeterValueSampleInterval": "10"}  # for session()


def send(site, action, make):
    """From now on answer each `action` with the text of a frame: make(messageId, request)."""

    def answer(request):
        site.central.rpc.receive(bytearray(make(site.central.ids[-1], request).encode()))

    site.central.answers[action] = answer


def spoil_all(site, change):
    """Answer everything with change(action, request, good payload)."""
    usual = site.central.usual()

    def one(action):
        good = usual.get(action, {})

        def answer(request):
            return change(action, request, good(request) if callable(good) else dict(good))

        site.central.answers[action] = answer

    for action in SESSION:
        one(action)


async def session(site):
    """A restart, then a session with each message that there is; its billing messages."""
    await site.restart()
    del site.central.got[:], site.central.ids[:]
    site.central.transactions.clear()
    await site.charge("A", 1)
    await site.wait(21)
    await send_heartbeat(site)
    await site.card("A", 1)
    await site.run(2000)
    await until(lambda: site.engine.outbox.queued == 0)
    await site.settle()
    return [(action, payload) for action, payload in site.central.got if action in BILLING]
