"""Freezes the firmware into a MicroPython image of one's own, where its code takes no heap; nothing needs it.

After `make build`, in MicroPython's ports/esp32: make BOARD=ESP32_GENERIC FROZEN_MANIFEST=(this file)
Onto the board then goes build/frozen, whose archive has only the tables: make flash PORT=.. BUILD=build/frozen
"""

include("$(PORT_DIR)/boards/manifest.py")

for part in ("app", "config", "hal", "ocpp", "profiles", "updates", "transfers", "web", "x509"):
    freeze("build/modules/esp32", part)
for part in "_scan heap in_place json_states memory modules name_pool names strict_json version".split():
    freeze("build/modules/esp32", part + ".mpy")
