"""The devices of the ESP32 on its modules as documented: pins, converter, pilot's PWM, watchdog, Wi-Fi."""

import asyncio

from esp32_fakes import ADC, PWM, RTC, WDT, Air, Pin, reset
from hal.esp32 import wires as pins
from hal.esp32.chip import dns_server, set_clock
from hal.esp32.pwm import PilotPwm
from hal.esp32.watchdog import Watchdog
from hal.esp32.wifi import Wifi, radio_on
from hal.esp32.wires import analog
from hal.evse.pilot import deciamps_of, duty_permyriad
from helpers import raises

_HOME = {"ssid": "home", "password": "secret12"}
_WORK = {"ssid": "work", "password": ""}


def test_an_output_that_was_high_is_low_at_once():
    reset()
    Pin(26, Pin.OUT, value=1)
    pin = pins.output(26)
    assert (pin.mode, pin.value()) == (Pin.OUT, 0)
    raises(ValueError, pins.output, 34)


def test_inputs_have_the_pull_that_is_asked_for_where_there_is_one():
    reset()
    assert (pins.sense(33, Pin.PULL_UP).pull, pins.sense(33).mode) == (Pin.PULL_UP, Pin.IN)
    assert pins.sense(32, Pin.PULL_DOWN).pull == Pin.PULL_DOWN
    assert pins.sense(32).pull is None  # not the one it had before
    assert pins.sense(35, Pin.PULL_UP).pull is None


def test_the_converter_reads_its_whole_range():
    reset()
    adc = analog(36)
    for millivolts in range(150, 2451, 10):
        ADC.millivolts[36] = millivolts
        assert adc.read_uv() // 1000 == millivolts
    raises(ValueError, analog, 27)


def test_the_pilot_begins_low_with_1_khz():
    reset()
    PilotPwm(27)
    assert (PWM.made[27].frequency, PWM.made[27].duty) == (1000, 0)


def test_steady_levels_are_steady():
    reset()
    pilot = PilotPwm(27)
    for permyriad, duty in ((10000, 65535), (0, 0), (5333, 34949)):
        pilot.set_duty(permyriad)
        assert PWM.made[27].duty == duty


def test_each_tenth_of_an_ampere_comes_out_and_never_more():
    reset()
    pilot = PilotPwm(27)
    for deciamps in range(60, 801):
        permyriad = duty_permyriad(deciamps)
        pilot.set_duty(permyriad)
        sent = PWM.made[27].duty
        assert sent * 10000 <= permyriad * 65535 < (sent + 1) * 10000
        assert deciamps_of(permyriad) - deciamps_of(sent * 10000 // 65535) <= 1
    assert PWM.made[27].frequency == 1000


def test_the_watchdog_begins_with_the_first_good_round():
    reset()
    watchdog = Watchdog(4000)
    assert WDT.running == []
    for _ in range(3):
        watchdog.feed()
    assert [(timer.timeout, timer.fed) for timer in WDT.running] == [(4000, 3)]


def test_the_clock_is_set_to_a_date():
    reset()
    set_clock(2026, 11, 28, 14, 30, 59)
    year, month, day, _, hours, minutes, seconds, subseconds = RTC().datetime()
    assert (year, month, day, hours, minutes, seconds, subseconds) == (2026, 11, 28, 14, 30, 59, 0)


def test_the_dns_server_is_that_of_the_network():
    reset()
    assert dns_server() == "0.0.0.0"
    Air.dns = "192.168.1.1"
    assert dns_server() == "192.168.1.1"


class _End(Exception):
    pass


def _live(wifi, ms, events=()):
    """run() for `ms` of the radio's time; events: (ms, function) on the way. [(ms, ssid)] whenever it changed."""
    told = [(Air.now, wifi.ssid)]
    waiting = [(Air.now + at, function) for at, function in events]
    end = Air.now + ms

    async def sleep_ms(pause):
        for _ in range(0, pause, 100):
            Air.now += 100
            while waiting and waiting[0][0] <= Air.now:
                waiting.pop(0)[1]()
        if wifi.ssid != told[-1][1]:
            told.append((Air.now, wifi.ssid))
        if Air.now >= end:
            raise _End

    real = asyncio.sleep_ms
    asyncio.sleep_ms = sleep_ms
    try:
        raises(_End, lambda: asyncio.run(wifi.run()))
    finally:
        asyncio.sleep_ms = real
    return told[1:]


def _wifi(*networks):
    reset()
    return Wifi(networks, "upoint")


def _joins():
    return [entry for entry in Air.log if type(entry) is tuple]


def test_the_name_is_set_before_the_radio_is_on():
    _wifi(_HOME)
    assert (Air.name, Air.log) == ("upoint", [])


def test_joins_without_saving_power_and_stays():
    wifi = _wifi(_HOME)
    Air.networks = {"home": "secret12"}
    told = _live(wifi, 60000)
    assert [ssid for _, ssid in told] == ["home"] and told[0][0] <= 3000
    assert Air.log == ["on", {"pm": 0, "reconnects": 0}, ("home", "secret12")]


def test_the_radio_can_be_on_before_and_stays_so():
    """It is switched on before anything large is loaded, and not off and on for the first network."""
    reset()
    Air.networks = {"home": "secret12"}
    radio_on()
    _live(Wifi([_HOME], "upoint"), 60000)
    assert Air.log == ["on", {"pm": 0, "reconnects": 0}, ("home", "secret12")]


def test_a_radio_without_memory_is_no_end():
    """MicroPython raises an error of no class of its own for what ESP-IDF says then; a join tries again."""
    reset()
    Air.networks = {"home": "secret12"}
    for error in (OSError("no memory"), RuntimeError("Wifi Unknown Error 0x0101")):
        Air.fails = [error]
        radio_on()
        assert Air.log == []
        Air.fails = [error, error]
        assert [ssid for _, ssid in _live(Wifi([_HOME], "upoint"), 60000)] == ["home"]
        Air.log.clear()


def test_an_open_network_has_no_password():
    wifi = _wifi(_WORK)
    Air.networks = {"work": ""}
    assert _live(wifi, 5000)[-1][1] == "work" and _joins() == [("work", None)]


def test_the_first_network_that_works_in_their_order():
    wifi = _wifi(_HOME, _WORK)
    Air.networks = {"work": "", "home": "secret12"}
    assert _live(wifi, 40000)[-1][1] == "home" and _joins() == [("home", "secret12")]
    wifi = _wifi(_HOME, _WORK)
    Air.networks = {"work": "", "home": "changed"}
    told = _live(wifi, 40000)
    assert told[-1][1] == "work" and told[0][0] <= 20000
    assert _joins() == [("home", "secret12"), ("work", None)]


def test_each_loss_is_followed_by_a_new_join():
    wifi = _wifi(_HOME)
    Air.networks = {"home": "secret12"}

    def lose():
        Air.networks = {}

    def back():
        Air.networks = {"home": "secret12"}

    events = [(at, function) for turn in range(5) for at, function in ((turn * 100000 + 20000, lose),
                                                                       (turn * 100000 + 60000, back))]
    told = _live(wifi, 500000, events)
    assert [ssid for _, ssid in told] == ["home", None] * 5 + ["home"]
    for turn in range(5):
        lost, joined = told[1 + 2 * turn][0], told[2 + 2 * turn][0]
        assert lost - (turn * 100000 + 20000) <= 1000 and joined - (turn * 100000 + 60000) <= 25000


def test_after_a_loss_it_takes_another_network_and_the_first_again_later():
    wifi = _wifi(_HOME, _WORK)
    Air.networks = {"home": "secret12"}

    def moved():
        Air.networks = {"work": ""}

    def home():
        Air.networks = {"home": "secret12"}

    told = _live(wifi, 200000, [(20000, moved), (100000, home)])
    assert [ssid for _, ssid in told] == ["home", None, "work", None, "home"]


def test_a_radio_that_is_stuck_is_switched_off_and_on():
    wifi = _wifi(_HOME)
    Air.networks = {"home": "secret12"}
    wifi._station.active(True)
    Air.jammed = 3

    def jam():
        Air.jammed = 1
        Air.networks = {}

    def back():
        Air.networks = {"home": "secret12"}

    assert [ssid for _, ssid in _live(wifi, 120000, [(30000, jam), (60000, back)])] == ["home", None, "home"]


def test_nothing_in_reach_is_tried_for_ever_with_a_rest():
    wifi = _wifi(_HOME, _WORK)
    assert _live(wifi, 600000) == []
    assert 2 * 15 <= len(_joins()) <= 2 * 18
    assert _joins()[:4] == [("home", "secret12"), ("work", None)] * 2


def test_without_networks_the_radio_goes_off():
    wifi = _wifi()
    asyncio.run(wifi.run())
    assert (wifi.ssid, Air.log) == (None, ["off"])


def test_a_network_that_is_joined_and_does_not_work_is_joined_again_with_the_radio_switched_off_and_on():
    wifi = _wifi(_HOME)
    Air.networks = {"home": "secret12"}

    def stuck():
        wifi.stuck = True

    assert [ssid for _, ssid in _live(wifi, 60000, [(30000, stuck)])] == ["home", None, "home"]
    assert Air.log.count("off") == 1 and not wifi.stuck
