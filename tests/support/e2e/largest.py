"""The largest message of each type that the charge point announces it takes, and the bound of all: LONGEST bytes."""

import json

LONGEST = 4096  # as docs/operator.md says
WHEN = "2031-12-31T23:59:59.123456+00:00"
ROOT = "CentralSystemRootCertificate"
_FAR = "2001-01-01T00:00:00.123456+00:00"


def text(length, sign="W"):
    return sign * length


def charging_profile(purpose, periods, **fields):
    """With everything that a ChargingProfile can have (1.6 7.8)."""
    schedule = {
        "duration": 2147483647,
        "startSchedule": _FAR,
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [
            {"startPeriod": 100000000 * (at > 0) + at, "limit": 31.1 - at % 2, "numberPhases": 3}
            for at in range(periods)
        ],
        "minChargingRate": 6.1,
    }
    return {
        "chargingProfileId": 2147483647,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "validFrom": _FAR,
        "validTo": WHEN,
        "chargingSchedule": schedule,
        **fields,
    }


def authorization(number):
    info = {"status": "ConcurrentTx", "expiryDate": WHEN, "parentIdTag": f"PARENT{number:014d}"}
    return {"idTag": f"CARD{number:016d}", "idTagInfo": info}


def pem(length):
    """PEM of about so many characters with a certificate that is none."""
    lines = "\n".join([64 * "A"] * (length // 65))
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % lines


def messages(keys):
    """[(action, payload, what the answer has to be: a status, or a function of it)]; `keys`: name -> value, as
    GetConfiguration shows them."""
    periods, entries = int(keys["ChargingScheduleMaxPeriods"]), int(keys["SendLocalListMaxLength"])
    unknown = [f"{number:050d}" for number in range(int(keys["GetConfigurationMaxKeys"]))]
    local_list = [authorization(number) for number in range(entries)]
    profile = {"connectorId": 1, "csChargingProfiles": charging_profile("TxDefaultProfile", periods)}
    reservation = {"connectorId": 2, "expiryDate": WHEN, "idTag": text(20), "parentIdTag": text(20)}
    remote = {"idTag": text(20), "connectorId": 2, "chargingProfile": charging_profile("TxProfile", periods)}
    room = LONGEST - len(call("DataTransfer", {"vendorId": text(255), "messageId": text(50), "data": ""}))
    transfer = {"vendorId": text(255), "messageId": text(50), "data": text(room)}
    update = {"listVersion": 2147483647, "updateType": "Differential", "localAuthorizationList": local_list}
    hashes = {"hashAlgorithm": "SHA512", "issuerNameHash": 128 * "F", "issuerKeyHash": 128 * "F"}
    hashes["serialNumber"] = 40 * "F"
    return [
        ("CancelReservation", {"reservationId": 2147483647}, "Rejected"),
        ("ChangeAvailability", {"connectorId": 2, "type": "Operative"}, "Accepted"),
        ("ChangeConfiguration", {"key": text(50), "value": text(500)}, "NotSupported"),
        ("ClearCache", {}, "Accepted"),
        ("DataTransfer", transfer, "UnknownVendorId"),
        ("GetConfiguration", {}, lambda answer: len(answer["configurationKey"]) > 30),
        ("GetConfiguration", {"key": unknown}, lambda answer: len(answer["unknownKey"]) == len(unknown)),
        ("GetConfiguration", {"key": sorted(keys)}, lambda answer: len(answer["configurationKey"]) == len(keys)),
        ("GetLocalListVersion", {}, lambda answer: answer["listVersion"] >= 0),
        ("SendLocalList", {**update, "updateType": "Full"}, "Accepted"),
        ("SendLocalList", {**update, "listVersion": 2147483646}, "VersionMismatch"),
        ("SetChargingProfile", profile, "Accepted"),
        ("GetCompositeSchedule", {"connectorId": 1, "duration": 86400, "chargingRateUnit": "W"}, "Accepted"),
        ("RemoteStartTransaction", remote, "Accepted"),
        ("RemoteStopTransaction", {"transactionId": 2147483647}, "Rejected"),
        ("ReserveNow", {**reservation, "reservationId": 2147483647}, ("Accepted", "Occupied")),
        ("CancelReservation", {"reservationId": 2147483647}, ("Accepted", "Rejected")),
        ("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}, "Accepted"),
        ("UnlockConnector", {"connectorId": 2}, ("Unlocked", "UnlockFailed", "NotSupported")),
        (
            "ClearChargingProfile",
            {"id": 2147483647, "connectorId": 1, "chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 0},
            "Accepted",
        ),
        ("InstallCertificate", {"certificateType": ROOT, "certificate": pem(3700)}, "Rejected"),
        ("CertificateSigned", {"certificateChain": pem(3800)}, "Rejected"),
        ("GetInstalledCertificateIds", {"certificateType": ROOT}, "NotFound"),
        ("DeleteCertificate", {"certificateHashData": hashes}, "NotFound"),
        ("Reset", {"type": "Never"}, None),
    ]


def call(action, payload, message_id=36 * "i"):
    """The text of a CALL, without a space."""
    return json.dumps([2, message_id, action, payload], separators=(",", ":"))


def padded(payload, size, action="ChangeConfiguration"):
    """The text of a CALL of `size` bytes: what is between its tokens is white space (RFC 8259 2)."""
    frame = call(action, payload)
    return frame[:-1] + " " * (size - len(frame)) + "]"
