"""Freezes the firmware into a MicroPython image of one's own, where its code takes no heap; nothing needs it.

After `make build`, in MicroPython's ports/esp32: make BOARD=ESP32_GENERIC FROZEN_MANIFEST=(this file)
Onto the board then go only boot.py, main.py, config/ and schemas/ of build/esp32; a folder there would hide
a frozen package of the same name, so config is not frozen.
"""

include("$(PORT_DIR)/boards/manifest.py")

for part in ("assembly", "hal", "microdot", "ocpp", "profiles", "version.mpy", "web"):
    freeze("build/esp32", part)
