"""Starts the charge point: `micropython main.py [CONFIG]` on a PC, by itself on the board.

Exit status on a PC: 0 after Ctrl-C, 75 for a reboot that OCPP asked for, 78 for a configuration that is wrong.
"""

import sys

import slots

slots.start()
del slots, sys.modules["slots"]  # two kilobytes that are needed no more

import app  # noqa: E402

app.main(sys.argv[1:])
