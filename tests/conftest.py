"""For all tests: which of them run first and together, see parts.py, and `import ocpp` is the PyPI package, never the
firmware's folder of that name.

The firmware runs in processes of its own, under MicroPython, or under CPython for the unit tests.
"""

import sys
from pathlib import Path

import parts

_ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _ROOT]
sys.path.append(str(_ROOT / "tests" / "support" / "e2e"))


def pytest_collection_modifyitems(items):
    items[:] = parts.ordered(items)


def pytest_xdist_make_scheduler(config, log):
    """That of parts.py for --dist loadscope."""
    return parts.Scheduler(config, log) if config.getoption("dist") == "loadscope" else None
