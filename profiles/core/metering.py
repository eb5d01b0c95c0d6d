"""Meter values: sampled during a transaction (1.6 3.16.1, 4.7).

On flash a sample is [time, context, [[value, measurand, phase], ...]] with indexes into the tables below, a fifth of
its size on the wire.
"""

from ocpp.clock import iso
from ocpp.outbox import VALUES

from .configuration import MEASURANDS

REGISTERS = "meter"  # the record of the energy registers: [Wh of connector 1, ...]
PERIODIC, CLOCK, BEGIN, END, TRIGGER = range(5)
_CONTEXTS = ("Sample.Periodic", "Sample.Clock", "Transaction.Begin", "Transaction.End", "Trigger")
_UNITS = ("Wh", "W", "A", "V", None, "A", "W", "Celcius")  # "Celcius" as in the schemas (J 2.1)
_DIGITS = (0, 0, 1, 1, 2, 1, 0, 0)
_PHASES = (None, "L1", "L2", "L3", "L1-N", "L2-N", "L3-N")


def readings(evse, measurand):
    """[(value as integer, phase index)] of the measurand with this index; in the meter's smallest unit of _DIGITS."""
    meter = evse.devices.meter
    if measurand == 0:
        return [(meter.energy_wh, 0)]
    if measurand == 1:
        return [(meter.power_w, 0)]
    if measurand == 2:
        return [(value, 1 + i) for i, value in enumerate(meter.currents)]
    if measurand == 3:
        return [(value, 4 + i) for i, value in enumerate(meter.voltages)]
    if measurand == 4:
        return [(meter.frequency, 0)]
    offered = evse.limit if evse.pwm_on else 0
    if measurand == 5:
        return [(offered, 0)]
    if measurand == 6:
        return [(offered * 23 * evse.phases, 0)]
    celsius = evse.devices.temperature.celsius()
    return [] if celsius is None else [(celsius, 0)]


def sample(evse, names, context, now):
    """One sample of the measurands in `names`."""
    values = []
    for name in names:
        measurand = MEASURANDS.index(name)
        for value, phase in readings(evse, measurand):
            values.append([value, measurand, phase])
    return [now, context, values]


def _decimal(value, digits):
    """160 with 1 digit -> "16.0"; exact, for floats have 32 bits on the board."""
    if not digits:
        return str(value)
    scale = 10**digits
    return "%s%d.%0*d" % ("-" if value < 0 else "", abs(value) // scale, digits, abs(value) % scale)


def _sampled_value(context, value, measurand, phase):
    element = {"value": _decimal(value, _DIGITS[measurand]), "context": _CONTEXTS[context]}
    element["measurand"] = MEASURANDS[measurand]
    if _UNITS[measurand]:
        element["unit"] = _UNITS[measurand]
    if phase:
        element["phase"] = _PHASES[phase]
    return element


def meter_value(packed, correction):
    """The MeterValue element (1.6 7.33) of a sample as it is on flash."""
    seconds, context, values = packed
    elements = [_sampled_value(context, *value) for value in values]
    return {"timestamp": iso(seconds + correction), "sampledValue": elements}


def payload(body, correction, transaction_id):
    """MeterValues.req of the outbox body [connector, samples]."""
    number, samples = body
    message = {"connectorId": number, "meterValue": [meter_value(packed, correction) for packed in samples]}
    if transaction_id is not None:
        message["transactionId"] = transaction_id
    return message


class MeterValues:
    """Samples each running transaction every MeterValueSampleInterval seconds from its start."""

    def __init__(self, core):
        self._core = core
        self._keys = core.engine.keys
        self._stored = None
        self._last = [0] * len(core.connectors)

    def register(self, connector):
        """The energy register in Wh; what a message will carry is on flash first, so it never runs backwards (E 3.78)."""
        registers = [c.evse.devices.meter.energy_wh for c in self._core.connectors]
        if registers != self._stored:
            self._stored = registers
            self._core.engine.store.save(REGISTERS, registers)
        return registers[connector.number - 1]

    def begin(self, connector):
        """A transaction starts: its sampling interval starts with it."""
        self._last[connector.number - 1] = self._core.engine.clock.uptime()

    def check_time(self):
        """Once a second: take the samples that are due."""
        interval = self._keys["MeterValueSampleInterval"]
        now = self._core.engine.clock.uptime()
        for connector in self._core.connectors:
            index = connector.number - 1
            if connector.transaction and interval and now - self._last[index] >= interval:
                self._last[index] = now
                self.take(connector, self._keys["MeterValuesSampledData"], PERIODIC)

    def take(self, connector, names, context):
        """Queue one MeterValues message for the running transaction of `connector`."""
        if names:
            self.register(connector)
            packed = sample(connector.evse, names, context, self._core.engine.clock.now())
            self._core.engine.outbox.add(connector.transaction.number, VALUES, [connector.number, [packed]])
