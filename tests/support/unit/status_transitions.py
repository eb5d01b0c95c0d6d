"""The statuses that the central system received of a connector, and the table of its transitions (1.6 4.9, E 3.20)."""

STATUSES = "Available Preparing Charging SuspendedEV SuspendedEVSE Finishing Reserved Unavailable Faulted".split()
TABLE = ("2345789", "134569", "145689", "135689", "134689", "1289", "1289", "123459", "12345678")
PILOT = ("Preparing", "SuspendedEV", "SuspendedEVSE", "Finishing")


def statuses_of(site, number):
    """[(status, errorCode, info, vendorErrorCode)] of each StatusNotification of a connector."""
    fields = ("status", "errorCode", "info", "vendorErrorCode")
    payloads = [payload for payload in site.central.of("StatusNotification") if payload["connectorId"] == number]
    return [tuple([payload.get(field) for field in fields]) for payload in payloads]


def check_transitions(received):
    """Each step is in the table, no status is sent twice, and each errorCode is where it belongs (4.9, 7.6)."""
    for before, after in zip(received, received[1:]):
        assert before != after, before
        if before[0] != after[0]:
            row, column = STATUSES.index(before[0]), STATUSES.index(after[0]) + 1
            assert str(column) in TABLE[row], (before, after)
    for status, code, _, vendor_code in received:
        assert code != "OtherError" or vendor_code, "7.6: more information in vendorErrorCode"
        assert status != "Faulted" or code not in ("NoError", "EVCommunicationError", "WeakSignal"), (status, code)
        assert code != "EVCommunicationError" or status in PILOT, (status, code)
        assert code in ("NoError", "EVCommunicationError", "WeakSignal") or status == "Faulted", (status, code)
