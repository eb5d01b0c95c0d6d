"""Whatever the charge point announces it takes fits into the board's memory, idle and while it charges with the owner's
page open, and a CALL that is too long is answered so (OCPP-J 4.2.3; architecture.md, Memory)."""

import http.client
import json
import threading

import pytest
from answers import CallError
from charge_point import Firmware
from largest import LONGEST, charging_profile, messages, padded
from limits import patient
from scenarios import alive, charging


class Page:
    """The owner's page, open in a browser: read again and again as a browser does."""

    def __init__(self, firmware):
        self._port = firmware.port
        self._ended = threading.Event()
        self.seen = []  # status codes of HTTP
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._ended.set()
        self._thread.join()

    def _run(self):
        while not self._ended.wait(0.2):
            for path in ("/api/status", "/"):
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=patient(2))
                try:
                    connection.request("GET", path)
                    response = connection.getresponse()
                    response.read()
                    self.seen.append(response.status)
                except OSError:
                    self.seen.append(0)
                finally:
                    connection.close()


class Busy(Firmware):
    """In the heap of a board, see Firmware, as all others."""

    def crashes(self):
        """Without memory a limit is worked out again a second later, which the log says."""
        return []


@pytest.fixture(params=["idle", "charging"])
def at_work(request, csms, make_firmware):
    """A charge point with two connectors, idle or charging with all measurands sent every second, and with the page
    open."""
    names = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Current.Offered,Voltage"
    firmware = make_firmware(csms, Busy)
    firmware.start(connectors=2, ocpp={"MeterValueSampleInterval": "1", "MeterValuesSampledData": names})
    csms.expect_boot(2)
    if request.param == "charging":
        charging(csms, firmware)
    with Page(firmware):
        yield firmware


def shown(csms):
    """All keys, by their names."""
    answer = csms.call("GetConfiguration")
    return {key["key"]: key["value"] for key in answer["configurationKey"]}


def test_the_largest_message_of_each_type_is_taken(csms, at_work):
    for action, payload, expected in messages(shown(csms)):
        spacious = json.dumps([2, 36 * "i", action, payload])
        assert action == "DataTransfer" or len(spacious) <= LONGEST, "announced, but longer than any message may be"
        try:
            answer = csms.call(action, payload)
        except CallError as error:
            assert expected is None and error.code == "PropertyConstraintViolation", (action, error)
            continue
        if callable(expected):
            assert expected(answer), (action, answer)
        else:
            assert answer["status"] in (expected if isinstance(expected, tuple) else (expected,)), (action, answer)
    alive(csms)


def test_a_call_of_the_bound_and_of_one_byte_more(csms, at_work):
    change = {"key": "HeartbeatInterval", "value": "600"}
    for _ in range(3):
        assert csms.exchange(padded(change, LONGEST), 36 * "i", "ChangeConfiguration") == {"status": "Accepted"}
        with pytest.raises(CallError) as refusal:
            csms.exchange(padded(change, LONGEST + 1), 36 * "i", "ChangeConfiguration")
        assert refusal.value.code == "OccurenceConstraintViolation"
        assert refusal.value.description == f"longer than {LONGEST} bytes"
    alive(csms)


def test_as_many_charging_profiles_as_announced(csms, at_work):
    """9.4: each of MaxChargingProfilesInstalled with ChargingScheduleMaxPeriods; all count (5.7)."""
    keys = shown(csms)
    count, periods = int(keys["MaxChargingProfilesInstalled"]), int(keys["ChargingScheduleMaxPeriods"])
    for number in range(count):
        profile = charging_profile("TxDefaultProfile", periods, chargingProfileId=number, stackLevel=number)
        answer = csms.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile})
        assert answer == {"status": "Accepted"}, number
    for unit in "AW":
        request = {"connectorId": 1, "duration": 86400, "chargingRateUnit": unit}
        assert csms.call("GetCompositeSchedule", request)["status"] == "Accepted"
    alive(csms)
