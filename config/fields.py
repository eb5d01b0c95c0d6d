"""The fields of config.json, their defaults and what is allowed (design 3.2, README)."""

NEEDED = None
METERS = {  # board type -> what it can read; the first is the usual one
    "sim": ("sim", "modbus", "pulse", "cse7766", "none"),
    "esp32-devkitc-v4": ("pulse", "modbus", "ct", "cse7766", "hlw8012", "none"),
}
SENSORS = {"sim": "ntc", "esp32-devkitc-v4": "none"}  # board type -> the usual temperature sensor
ONE_PHASE = ("cse7766", "hlw8012")
BOUNDS = [10500, 7500, 4500, 1500, -1500, -10000]  # as hal/pilot.py has them

# A field is (type, default), then either the choices, or the lowest and the highest value (of a text: its length) and
# the characters it must not hold; its default is always allowed, and with None as its type, only its choices are. A
# {...} is a section, "*" in it any name. A list is [rule of an item, fewest, most, default].
RULES = {
    "charge_point": {
        "id": (str, NEEDED, 1, 48, ":"),  # the user name of HTTP Basic (OCPP-J 6.2.2) ends at a colon
        "vendor": (str, "upoint", 1, 20),  # as long as BootNotification.req has room for (1.6 6.3)
        "model": (str, "ESP32-DevKitC", 1, 20),
        "serial_number": (str, "", 1, 25),
        "box_serial_number": (str, "", 1, 25),
        "firmware_version": (str, "", 1, 50),
    },
    "csms": {
        "url": (str, NEEDED, 1, 255, "?#@[] "),
        "authorization_key": (str, "", 16, 40),
        "ca_cert": (str, "", 1, 255),
        "backoff_s": [(int, NEEDED, 1, 3600), 2, 2, [1, 120]],
    },
    "network": {
        "wifi": [{"ssid": (str, NEEDED, 1, 32), "password": (str, "", 8, 64)}, 0, 8, []],
        "hostname": (str, "upoint", 1, 32, " ."),
    },
    "board": {
        "type": (str, "sim", tuple(sorted(METERS))),
        "module": (str, "wroom", ("wroom", "wrover")),
        "max_current": (int, 32, 6, 80),
        "start_delay_s": (int, 0, 0, 1800),
        "reader": (str, "none", ("none", "mfrc522", "pn532-uart", "pn532-i2c", "wiegand", "wiegand-reversed")),
        "indicator": {
            "type": (str, "none", ("none", "leds", "pixels")),
            "pixels": (int, 1, 1, 64),
            "brightness": (int, 48, 1, 255),
        },
        "buzzer": (str, "none", ("none", "active", "passive")),
        "button": (bool, False),
        "pins": {"*": (int, NEEDED, -1, 39)},  # -1 = not fitted; the rest is checked by hal/board.py
    },
    "connectors": [
        {
            "phases": (int, 3, (1, 3)),
            "max_current": (int, 32, 6, 80),
            "cable": (str, "socket", ("socket", "tethered")),
            "lock": (None, True, (True, False, "motor", "solenoid")),
            "ventilated": (bool, False),
            "residual": (bool, True),
            "temperature": (str, "", ("none", "ntc", "ds18b20")),
            "pilot": {
                "reading": (str, "peak", ("peak", "sampled")),
                "zero_mv": (int, 1311, 500, 2000),
                "gain_permille": (int, 11712, 5000, 30000),
                "bounds_mv": [(int, NEEDED, -13000, 13000), 6, 6, BOUNDS],
            },
            "meter": {"type": (str, "", 1, 16), "*": None},  # the rest in FIELDS
        },
        1,
        4,
        [{}],
    ],
    "web": {
        "host": (str, "127.0.0.1", 1, 64),
        "port": (int, 8080, 0, 65535),
        "user": (str, "admin", 1, 32, ":"),
        "password": (str, "", 1, 64),
    },
    "storage": {"path": (str, "data", 1, 255)},
    "log": {"level": (str, "info", ("debug", "info", "warning", "error"))},
    "ocpp": {"*": (str, NEEDED, 0, 500)},
}

_VOLTS = (int, 230, 100, 277)

# The fields of a meter by its type.
FIELDS = {
    "sim": {},
    "none": {},
    "pulse": {"pulses_per_kwh": (int, 1000, 10, 100000), "volts": _VOLTS},
    "modbus": {
        "model": (str, "", ("sdm120", "sdm230", "sdm630", "sdm72", "sdm72v2")),
        "map": {"*": None},  # checked by hal/meter/maps.py
        "address": (int, 1, 1, 247),
        "baudrate": (int, 9600, (2400, 4800, 9600, 19200, 38400)),
        "parity": (str, "none", ("none", "even", "odd")),
        "volts": _VOLTS,
    },
    "ct": {
        "ma_per_v": (int, 30000, 1000, 1000000),
        "least_ma": (int, 300, 0, 5000),
        "volts": _VOLTS,
        "hertz": (int, 50, (50, 60)),
    },
    "cse7766": {"shunt_uohm": (int, 1000, 100, 10000)},
    "hlw8012": {
        "pulses_per_kwh": (int, 290050, 1000, 10000000),
        "ua_per_hz": (int, 14484, 1000, 100000),
        "uv_per_hz": (int, 490300, 10000, 10000000),
        "bl0937": (bool, False),
    },
}
