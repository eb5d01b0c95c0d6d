"""The fields of config.json, their defaults and what is allowed (docs/owner.md)."""

import json

# As text, for names in code stay in memory for ever, and these are needed at the start only.
METERS = json.loads("""{
  "sim": ["sim", "modbus", "pulse", "cse7766", "none"],
  "esp32-devkitc-v4": ["pulse", "modbus", "ct", "cse7766", "hlw8012", "none"]
}""")  # board type -> what it can read; the first is the usual one
SENSORS = {"sim": "ntc", "esp32-devkitc-v4": "none"}  # board type -> the usual temperature sensor
ONE_PHASE = ("cse7766", "hlw8012")

# A field is [type, default], then either a list of choices, or the lowest and the highest value (of a text: its length)
# and the characters it must not hold; its default is always allowed, null means that it must be given, and of "any"
# only the choices are allowed. A {...} is a section, "*" in it any name, null takes what is checked elsewhere. A list
# of rules is [rule of an item, fewest, most, default].
# charge_point.id: the user name of HTTP Basic (OCPP-J 6.2.2) ends at a colon; the other texts are as long as
# BootNotification.req has room for (1.6 6.3). board.pins: -1 = not fitted; the rest is checked by hal/esp32/pins.py. A
# meter's other fields are in FIELDS.
RULES = json.loads("""{
  "charge_point": {
    "id": ["text", null, 1, 48, ":"],
    "vendor": ["text", "upoint", 1, 20],
    "model": ["text", "ESP32-DevKitC", 1, 20],
    "serial_number": ["text", "", 1, 25],
    "box_serial_number": ["text", "", 1, 25],
    "firmware_version": ["text", "", 1, 50]
  },
  "csms": {
    "url": ["text", null, 1, 255, "#@[] "],
    "urls": {
      "1": ["text", "", 1, 255, "#@[] "],
      "2": ["text", "", 1, 255, "#@[] "],
      "3": ["text", "", 1, 255, "#@[] "]
    },
    "authorization_key": ["text", "", 16, 40],
    "ca_cert": ["text", "", 1, 255],
    "backoff_s": [["int", null, 1, 3600], 2, 2, [1, 120]]
  },
  "network": {
    "wifi": [{"ssid": ["text", null, 1, 32], "password": ["text", "", 8, 64]}, 0, 8, []],
    "hostname": ["text", "upoint", 1, 32, " ."],
    "ntp": ["text", "", 1, 253, " :/@[]"]
  },
  "board": {
    "type": ["text", "sim", ["esp32-devkitc-v4", "sim"]],
    "module": ["text", "wroom", ["wroom", "wrover"]],
    "max_current": ["int", 32, 6, 80],
    "start_delay_s": ["int", 0, 0, 1800],
    "reader": ["text", "none", ["none", "mfrc522", "pn532-uart", "pn532-i2c", "wiegand", "wiegand-reversed"]],
    "indicator": {
      "type": ["text", "none", ["none", "leds", "pixels"]],
      "pixels": ["int", 1, 1, 64],
      "brightness": ["int", 48, 1, 255]
    },
    "buzzer": ["text", "none", ["none", "active", "passive"]],
    "button": ["bool", false],
    "pins": {"*": ["int", null, -1, 39]}
  },
  "connectors": [
    {
      "phases": ["int", 3, [1, 3]],
      "max_current": ["int", 32, 6, 80],
      "cable": ["text", "socket", ["socket", "tethered"]],
      "lock": ["any", true, [true, false, "motor", "solenoid"]],
      "ventilated": ["bool", false],
      "free": ["bool", false],
      "free_id_tag": ["text", "FREE", 1, 20],
      "residual": ["bool", true],
      "temperature": ["text", "", ["none", "ntc", "ds18b20"]],
      "pilot": {
        "reading": ["text", "peak", ["peak", "sampled"]],
        "zero_mv": ["int", 1311, 500, 2000],
        "gain_permille": ["int", 11712, 5000, 30000],
        "bounds_mv": [["int", null, -13000, 13000], 6, 6, [10500, 7500, 4500, 1500, -1500, -10000]]
      },
      "meter": {"type": ["text", "", 1, 16], "*": null}
    },
    1,
    4,
    [{}]
  ],
  "web": {
    "host": ["text", "127.0.0.1", 1, 64],
    "port": ["int", 8080, 0, 65535],
    "names": ["text", "", 1, 255, ":/@[]"],
    "user": ["text", "admin", 1, 32, ":"],
    "password": ["text", "", 1, 64]
  },
  "storage": {"path": ["text", "data", 1, 255]},
  "log": {
    "level": ["text", "info", ["debug", "info", "warning", "error"]],
    "flash_kb": ["int", -1, [-1, 0, 8, 16, 32, 64, 128, 256]],
    "frames": ["bool", false]
  },
  "updates": {"unsigned": ["bool", false], "downgrade": ["bool", false], "ca_cert": ["text", "", 1, 255]},
  "ocpp": {"*": ["text", null, 0, 500]}
}""")

# The fields of a meter by its type; its map is checked by hal/meter/maps.py.
FIELDS = json.loads("""{
  "sim": {},
  "none": {},
  "pulse": {"pulses_per_kwh": ["int", 1000, 10, 100000], "volts": ["int", 230, 100, 277]},
  "modbus": {
    "model": ["text", "", ["sdm120", "sdm230", "sdm630", "sdm72", "sdm72v2"]],
    "map": {"*": null},
    "address": ["int", 1, 1, 247],
    "baudrate": ["int", 9600, [2400, 4800, 9600, 19200, 38400]],
    "parity": ["text", "none", ["none", "even", "odd"]],
    "volts": ["int", 230, 100, 277]
  },
  "ct": {
    "ma_per_v": ["int", 30000, 1000, 1000000],
    "least_ma": ["int", 300, 0, 5000],
    "volts": ["int", 230, 100, 277],
    "hertz": ["int", 50, [50, 60]]
  },
  "cse7766": {"shunt_uohm": ["int", 1000, 100, 10000]},
  "hlw8012": {
    "pulses_per_kwh": ["int", 290050, 1000, 10000000],
    "ua_per_hz": ["int", 14484, 1000, 100000],
    "uv_per_hz": ["int", 490300, 10000, 10000000],
    "bl0937": ["bool", false]
  }
}""")
BOUNDS = RULES["connectors"][0]["pilot"]["bounds_mv"][3]  # as hal/evse/pilot.py has them
