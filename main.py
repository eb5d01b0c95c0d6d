"""Starts the charge point: `micropython main.py [CONFIG]` on a PC, by itself on the board.

Exit status on a PC: 0 after Ctrl-C, 75 for a reboot that OCPP asked for, 78 for a configuration that is wrong.
"""

import sys

import slots

slots.start()
del slots, sys.modules["slots"]  # two kilobytes that are needed no more

try:
    import name_pool

    name_pool.start()  # before the names of the firmware come
    import app

    app.main(sys.argv[1:])
except Exception as exc:
    sys.path.append("")  # where slots is
    import slots

    slots.end(exc)
    raise
