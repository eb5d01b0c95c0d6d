"""Taking samples: into the outbox as MeterValues, and into a transaction's transactionData (1.6 3.16)."""

from ocpp.outbox.queued import VALUES

from profiles.core.measurands import sample


def reporting(core):
    """The numbers of the connectors whose meter values are sent. Connector 0 is the sum of several connectors, for
    there is no main meter; of one connector it would only be a second name, which clients prefer, without transactionId
    (E 3.16)."""
    count = len(core.connectors)
    return range(0 if count > 1 else 1, count + 1)


def _sample(core, number, names, context):
    """One sample of this moment at connector `number`; for connector 0 over all of them."""
    core.metering.aligned()
    evses = [connector.evse for connector in core.connectors if number in (0, connector.number)]
    return sample(evses, names, context, core.engine.clock.now())


def periodic(core, connector):
    """The values of one MeterValueSampleInterval of the running transaction."""
    take(core, connector.number, core.engine.keys["MeterValuesSampledData"], "Sample.Periodic")
    _keep(core, connector, connector.transaction, core.engine.keys["StopTxnSampledData"], "Sample.Periodic")


def take(core, number, names, context):
    """Queue one MeterValues message of this moment, if anything that `names` lists is measured."""
    packed = _sample(core, number, names, context)
    if packed[2]:
        queue(core, number, packed)


def triggered(core, number):
    """The sample that TriggerMessage asks for (5.17, E 3.46), without values when nothing is measured."""
    return _sample(core, number, core.engine.keys["MeterValuesSampledData"], "Trigger")


def queue(core, number, packed):
    """Queue `packed` for connector `number`, with the transaction that runs there now (E 3.16)."""
    connector = core.connector(number)
    transaction = connector.transaction if connector else None
    core.metering.register(connector or core.connectors[0])
    core.engine.outbox.add(transaction.number if transaction else 0, VALUES, [number, [packed]])


def mark(core, connector, transaction, context):
    """Keep the values of every measurand that transactionData is to show (E 3.14)."""
    names = core.engine.keys["StopTxnSampledData"]
    names = names + [name for name in core.engine.keys["StopTxnAlignedData"] if name not in names]
    _keep(core, connector, transaction, names, context)


def _keep(core, connector, transaction, names, context):
    if names:
        core.metering.register(connector)
        packed = _sample(core, connector.number, names, context)
        if packed[2]:
            from profiles.core import transaction_data

            transaction_data.add(core.engine, transaction.number, packed)
