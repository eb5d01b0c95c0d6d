"""Power cuts at random moments of sessions: nothing that bills is lost or doubled, over all starts of the board."""

import random

from chip_central import ID, Central
from chip_trial import Failed, default_config

_MOMENTS = ("car there", "start wanted", "current flows", "values of the meter", "stop wanted", "stopped")
_TAG = "CARD"
_CAR_GONE = 0.3  # how likely


def _session(trial, central, moment):
    """A session until shortly before `moment`; the cut comes a little later."""
    for done in _MOMENTS[: _MOMENTS.index(moment) + 1]:
        mark = central.mark()
        if done == "car there":
            trial.car("B")
        elif done == "start wanted":
            if central.book.running(ID):
                continue  # the transaction has gone on after the cut before
            trial.call(central, "RemoteStartTransaction", {"connectorId": 1, "idTag": _TAG}, ["Accepted"])
        elif done == "current flows":
            trial.car("C")
            if not central.book.running(ID):
                trial.expect(central, "StartTransaction", mark - 1 if mark else 0)
        elif done == "values of the meter":
            trial.expect(central, "MeterValues", mark)
        elif done == "stop wanted":
            trial.stop_session(central)
        else:
            trial.expect(central, "StopTransaction", mark)


def _without_car(trial, central, mark):
    """The car has gone while there was no power: its transaction is stopped."""
    stopped = trial.expect(central, "StopTransaction", mark)
    trial.say("        no car any more: stopped, %s", stopped.get("reason"))


def power_cuts(trial):
    """Cut at random moments; the same flash goes on each time."""
    chance = random.Random(trial.options.seed)
    trial.say("seed %d", trial.options.seed)
    with Central() as central:
        config = default_config(central)
        config["ocpp"]["MeterValueSampleInterval"] = "2"
        trial.write_flash(config)
        for number in range(1, trial.options.cuts + 1):
            mark = central.mark()
            booted = trial.start(central)
            moment = chance.choice(_MOMENTS)
            if central.book.running(ID) and chance.random() < _CAR_GONE:
                _without_car(trial, central, mark)
            _session(trial, central, moment)
            trial.board.clock.sleep(chance.randrange(1500))
            trial.say("cut %2d: %s; it had started after %.1f s, %d transactions so far", number, moment, booted,
                      len(central.book.transactions))
            trial.look()
            trial.power_cut()
            if trial.failures:
                raise Failed("power cut %d" % number)
        _settle(trial, central)
        _judge(trial, central)
        trial.finish(central)


def _settle(trial, central):
    """A last start, in which all that is on flash is sent, and one more session from begin to end."""
    trial.start(central)
    for _ in range(60):
        status = trial.look()
        connected = status and status["csms"]["connected"] and not status["csms"]["queued"]
        if connected and not central.book.running(ID):
            break
        trial.board.clock.sleep(1000)
    trial.begin_session(central, _TAG)
    trial.board.clock.sleep(3000)
    trial.end_session(central)


def _judge(trial, central):
    """Each transaction has one start and one stop. The register goes on from one to the next, for the meter counts only
    while a car charges."""
    last = 0
    for transaction in central.book.transactions.values():
        if transaction.stopped is None:
            trial.fail("transaction %d never stopped", transaction.id)
            continue
        if transaction.meter_start != last:
            trial.fail("transaction %d starts at %d Wh, the one before stopped at %d", transaction.id,
                       transaction.meter_start, last)
        last = transaction.meter_stop
    told = ["%d: %d to %s Wh, %s" % (t.id, t.meter_start, t.meter_stop, t.reason)
            for t in central.book.transactions.values()]
    trial.say("transactions: %s", "; ".join(told))
