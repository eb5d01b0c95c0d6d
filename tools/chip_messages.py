"""Every message of the central system once, each with the largest payload that the board allows by its keys."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from chip_central import ID, Central
from chip_certificates import root_pem
from chip_runs import over_tls
from chip_trial import default_config

_OK = ("Accepted",)
_NOBODY = "http://192.168.4.2:1/"
_ROOT = "CentralSystemRootCertificate"
_HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "0" * 64, "issuerKeyHash": "0" * 64, "serialNumber": "1"}
# What a CALLERROR may say of a profile that the firmware does not have yet.
_TRIGGERS = ("Heartbeat", "StatusNotification", "MeterValues")


def _later(**days):
    return (datetime.now(UTC) + timedelta(**days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local_list(keys):
    entries = [{"idTag": "LOCAL-%014d" % at, "idTagInfo": {"status": "Accepted", "expiryDate": _later(days=90),
                                                           "parentIdTag": "PARENT-%013d" % at}}
               for at in range(int(keys["SendLocalListMaxLength"]))]
    return {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}


def _update(keys):
    return {**_local_list(keys), "listVersion": 2, "updateType": "Differential"}


def _profile(keys, purpose, identity, **fields):
    periods = [{"startPeriod": 600 * at, "limit": 16.0 - at % 8, "numberPhases": 3}
               for at in range(int(keys["ChargingScheduleMaxPeriods"]))]
    schedule = {"duration": 86400, "startSchedule": _later(), "chargingRateUnit": "A", "minChargingRate": 6.0,
                "chargingSchedulePeriod": periods}
    return {"chargingProfileId": identity, "stackLevel": int(keys["ChargeProfileMaxStackLevel"]),
            "chargingProfilePurpose": purpose, "chargingProfileKind": "Absolute", "validFrom": _later(days=-1),
            "validTo": _later(days=90), "chargingSchedule": schedule, **fields}


def _set_profile(purpose, identity, connector):
    return lambda keys: {"connectorId": connector, "csChargingProfiles": _profile(keys, purpose, identity)}


def _signed_update(keys):
    firmware = {"location": _NOBODY, "retrieveDateTime": _later(days=1), "signature": "AAAA",
                "signingCertificate": root_pem()}
    return {"requestId": 2, "firmware": firmware}


# (action, payload or a function of the keys, the statuses that are right, or () where there is none)
WHEN_AVAILABLE = [
    ("GetConfiguration", {}, ()),
    ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "10"}, _OK),
    ("ClearCache", {}, _OK),
    ("DataTransfer", {"vendorId": "nobody", "data": "x" * 1000}, ("UnknownVendorId",)),
    ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}, _OK),
    ("ChangeAvailability", {"connectorId": 0, "type": "Operative"}, _OK),
    ("UnlockConnector", {"connectorId": 1}, ("NotSupported",)),  # the cable is tethered
    ("GetLocalListVersion", {}, ()),
    ("SendLocalList", _local_list, _OK),
    ("SendLocalList", _update, _OK),
    ("ReserveNow", lambda keys: {"connectorId": 1, "expiryDate": _later(hours=1), "idTag": "CARD",
                                 "reservationId": 1}, _OK),
    ("CancelReservation", {"reservationId": 1}, _OK),
    ("SetChargingProfile", _set_profile("ChargePointMaxProfile", 1, 0), _OK),
    ("SetChargingProfile", _set_profile("TxDefaultProfile", 2, 1), _OK),
    # Once accepted it had better be rejected (E 3.35).
    ("TriggerMessage", {"requestedMessage": "BootNotification"}, ("Accepted", "Rejected")),
    *[("TriggerMessage", {"requestedMessage": name}, _OK) for name in _TRIGGERS],
    ("InstallCertificate", lambda keys: {"certificateType": _ROOT, "certificate": root_pem()}, _OK),
    ("GetInstalledCertificateIds", {"certificateType": _ROOT}, _OK),
    ("DeleteCertificate", {"certificateHashData": _HASHES}, ("NotFound",)),
    ("CertificateSigned", lambda keys: {"certificateChain": root_pem()}, ("Rejected",)),
    ("ExtendedTriggerMessage", {"requestedMessage": "Heartbeat"}, _OK),
    ("SignedUpdateFirmware", _signed_update, ("InvalidCertificate",)),  # there is no ManufacturerRootCertificate
    ("RemoteStartTransaction", {"connectorId": 1, "idTag": "CARD"}, _OK),
]
WHILE_CHARGING = [
    ("SetChargingProfile", _set_profile("TxProfile", 3, 1), _OK),
    ("GetCompositeSchedule", {"connectorId": 1, "duration": 86400, "chargingRateUnit": "A"}, _OK),
    ("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}, _OK),
    ("ClearChargingProfile", {"id": 3}, _OK),
    ("ClearChargingProfile", {}, _OK),
]
# Nobody listens there; the update is for another day. Their answers have no status.
LATER = [
    ("UpdateFirmware", lambda keys: {"location": _NOBODY, "retrieveDate": _later(days=1)}, None),
    ("GetLog", {"logType": "SecurityLog", "requestId": 1, "retries": 0, "log": {"remoteLocation": _NOBODY}}, None),
]
AFTER_LOG = [("GetDiagnostics", {"location": _NOBODY, "retries": 0}, None)]
RESETS = ("Soft", "Hard")


@contextmanager
def _over_ws(trial):
    with Central() as central:
        trial.write_flash(default_config(central))
        yield central


def messages(trial, kind=None):
    """Each of them, with the time until it is answered; over TLS with a `kind`, see over_tls()."""
    with over_tls(trial, kind) if kind else _over_ws(trial) as central:
        trial.say("BootNotification after %.1f s", trial.start(central))
        trial.poll(may_refuse=kind is not None)
        _, answer = trial.call(central, "GetConfiguration", {})
        keys = {entry["key"]: entry.get("value") for entry in answer["configurationKey"]}
        _send(trial, central, WHEN_AVAILABLE, keys)
        mark = central.mark()
        trial.car("B")
        trial.car("C")
        started = trial.expect(central, "StartTransaction", 0)
        _send(trial, central, WHILE_CHARGING, keys)
        running = central.book.running(ID)
        _send(trial, central, [("RemoteStopTransaction", {"transactionId": running[0].id}, _OK)], keys)
        stopped = trial.expect(central, "StopTransaction", mark)
        trial.say("session from %d to %d Wh", started["meterStart"], stopped["meterStop"])
        trial.car("A")
        mark = central.mark()
        _send(trial, central, LATER, keys)
        # Over TLS a module without PSRAM has no memory for two connections: that to the central system is closed for
        # the transfer, and comes again.
        trial.expect(central, "LogStatusNotification", mark, within_s=120, status="UploadFailure")
        _send(trial, central, AFTER_LOG, keys)
        trial.expect(central, "DiagnosticsStatusNotification", mark, within_s=120, status="UploadFailed")
        trial.stop_polling()
        _reset(trial, central, keys)
        trial.finish(central)


def _send(trial, central, rows, keys):
    for action, payload, expected in rows:
        content = payload(keys) if callable(payload) else payload
        took, answer = trial.call(central, action, content, expected)
        told = answer.get("status", "") if isinstance(answer, dict) else answer[0]
        trial.say("%-42s %5s ms  %s", _title(action, content), "?" if took is None else round(took), told)


def _title(action, payload):
    """The action with what tells its kind."""
    for name in ("requestedMessage", "updateType", "type"):
        if name in payload:
            return "%s %s" % (action, payload[name])
    profile = payload.get("csChargingProfiles")
    return "%s %s" % (action, profile["chargingProfilePurpose"]) if profile else action


def _reset(trial, central, keys):
    for kind in RESETS:
        mark = central.mark()
        trial.want_reset()
        _send(trial, central, [("Reset", {"type": kind}, _OK)], keys)
        trial.expect(central, "BootNotification", mark)
        trial.expect(central, "StatusNotification", mark, connectorId=1)
        trial.say("started again after Reset %s", kind)
