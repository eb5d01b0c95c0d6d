"""For all tests: `import ocpp` is the PyPI package, never the firmware's folder of that name.

The firmware runs in processes of its own, under MicroPython, or under CPython for the unit tests.
"""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _ROOT]
