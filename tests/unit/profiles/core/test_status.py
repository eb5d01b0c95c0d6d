"""StatusNotification: what is reported when (1.6 4.9, 9.1.20, E 3.22)."""

from central_system import TIME
from charging import play, until

from ocpp.errors import OcppError


def tell(site, *statuses, number=1):
    connector = site.core.connectors[number - 1]
    for status in statuses:
        connector.session.set_status(connector, status, connector.error)


def test_all_connectors_after_the_boot_and_0_first():
    async def story(site):
        told = [(p["connectorId"], p["status"]) for p in site.central.of("StatusNotification")]
        assert told == [(0, "Available"), (1, "Available"), (2, "Available")]
        assert [action for action, _ in site.central.got][0] == "BootNotification"

    play(story, connectors=2)


def test_each_change_in_order_while_online():
    async def story(site):
        tell(site, "Preparing", "Charging", "SuspendedEV", "Finishing")
        await site.settle()
        assert site.told() == ["Available", "Preparing", "Charging", "SuspendedEV", "Finishing"]

    play(story)


def test_only_the_present_status_after_having_been_offline():
    async def story(site):
        site.central.lose()
        tell(site, "Preparing", "Charging", "Finishing")
        TIME.ms += 60000
        site.central.back()
        await site.settle()
        assert site.told() == ["Available", "Finishing"]
        assert site.central.of("StatusNotification")[-1]["timestamp"] == "2026-03-01T00:00:00Z", site.central.got[-1]

    play(story)


def test_no_status_is_sent_twice():
    """1.6 4.9: reconnected with the status that was reported before."""

    async def story(site):
        count = len(site.central.got)
        site.central.lose()
        tell(site, "Preparing", "Available")
        site.central.back()
        await site.settle()
        assert len(site.central.got) == count

    play(story)


def test_minimum_status_duration():
    """1.6 9.1.20: what lasts too shortly is left out, the change back too."""

    async def story(site):
        assert site.told() == []
        await site.wait(10)
        site.core.status.changed.set()
        await site.settle()
        tell(site, "Preparing")
        await site.settle()
        assert site.told() == ["Available"]
        TIME.ms += 4000
        tell(site, "Charging")
        TIME.ms += 9000
        tell(site, "SuspendedEV")
        TIME.ms += 10000
        site.core.status.changed.set()
        await site.settle()
        assert site.told() == ["Available", "SuspendedEV"]
        tell(site, "Charging")
        TIME.ms += 10000
        tell(site, "SuspendedEV")
        TIME.ms += 2000
        tell(site, "Finishing")
        TIME.ms += 2000
        tell(site, "SuspendedEV")
        TIME.ms += 10000
        site.core.status.changed.set()
        await site.settle()
        assert site.told() == ["Available", "SuspendedEV", "Charging", "SuspendedEV"]

    play(story, keys={"MinimumStatusDuration": "10"})


def test_it_wakes_when_the_duration_is_over():
    async def story(site):
        assert site.told() == []
        TIME.ms += 1000
        await until(lambda: site.told() == ["Available"])

    play(story, keys={"MinimumStatusDuration": "1"})


def test_an_error_in_answer_is_not_repeated():
    async def story(site):
        site.central.answers["StatusNotification"] = OcppError("InternalError", "")
        tell(site, "Preparing")
        await site.settle()
        await site.wait(20)
        assert site.told() == ["Available", "Preparing"]

    play(story)


def test_a_status_that_was_not_answered_is_sent_again():
    async def story(site):
        site.central.answers["StatusNotification"] = lambda payload: site.central.lose()
        tell(site, "Preparing")
        await site.settle()
        del site.central.answers["StatusNotification"]
        site.central.back()
        await site.settle()
        assert site.told() == ["Available", "Preparing", "Preparing"]

    play(story)


def test_a_status_whose_answer_was_lost_may_have_arrived():
    """1.6 4.9: so the present one is reported, even if it is the one that was reported before."""

    async def story(site):
        tell(site, "Preparing")
        await site.settle()
        site.central.answers["StatusNotification"] = lambda payload: site.central.lose()
        tell(site, "Charging")
        await site.settle()
        del site.central.answers["StatusNotification"]
        tell(site, "Preparing")
        site.central.back()
        await site.settle()
        assert site.told() == ["Available", "Preparing", "Charging", "Preparing"]

    play(story)


def test_changes_while_an_answer_is_awaited():
    async def story(site):
        def answer(payload):
            site.central.answers["StatusNotification"] = {}
            tell(site, "Charging")
            return {}

        site.central.answers["StatusNotification"] = answer
        tell(site, "Preparing")
        await site.settle()
        assert site.told() == ["Available", "Preparing", "Charging"]

    play(story)


def test_a_connector_that_flutters_does_not_fill_the_memory():
    async def story(site):
        tell(site, *["Charging", "SuspendedEV"] * 50)
        await site.settle()
        assert len(site.told()) <= 10 and site.told()[-1] == "SuspendedEV"

    play(story)


def test_long_texts_are_cut():
    """1.6 6.47: 50 characters."""

    async def story(site):
        connector = site.core.connectors[0]
        connector.session.set_status(connector, "Faulted", ("OtherError", "i" * 80, "v" * 80))
        await site.settle()
        payload = site.central.of("StatusNotification")[-1]
        assert (payload["info"], payload["vendorErrorCode"]) == ("i" * 50, "v" * 50)
        assert payload["vendorId"] == "v"

    play(story)
