"""Starts the charge point: `micropython main.py [CONFIG]` on a PC, by itself on the board.

Exit status on a PC: 0 after Ctrl-C, 75 for a reboot that OCPP asked for, 78 for a configuration that is wrong.
"""

import sys

# Files are named from the working folder, where the tables and the settings are sought, too: shorter names in memory.
sys.path[0] = ""

import assembly  # noqa: E402

assembly.main(sys.argv[1:])
