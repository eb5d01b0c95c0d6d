"""The start of the Core profile; loaded for it."""

from profiles.core.metering import Metering
from profiles.core.status_reports import StatusReports


def start(core, engine):
    """Core.start(): resume the transactions of the last run."""
    core.engine = engine
    core.metering = Metering(core)
    core.status = StatusReports(core)
    core.changed = type(core.connectors[0].evse.changed)()
    engine.outbox.render = core.render
    engine.outbox.confirmed = core.confirmed
    from profiles.core import availability

    availability.restore(core)
    engine.store.changed = core.storage_changed
    for connector in core.connectors:
        if connector.free_id_tag:
            from profiles.core import free_charging

            free_charging.restore(connector)
        from profiles.core import transactions

        transactions.restore(core, connector)
        connector.evse.notify(core.changed)
    from profiles.core import lost_transactions

    lost_transactions.end_all(core)
    engine.spawn(core.follow)
    engine.spawn(core.status.run)
    engine.each_second.append(core.check_time)
    if core.card_reader is not None:
        engine.spawn(core.cards)
