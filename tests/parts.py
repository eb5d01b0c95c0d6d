"""How the tests are spread over the workers of pytest-xdist, so that none has to wait for the last one: in small parts,
and those first that take long. The rest is mixed: tests with a whole charge point wait most of the time, and those of
units, which do not, have the processors meanwhile."""

from xdist.scheduler import LoadScopeScheduling

# Files, by the beginning of their path, with tests that take more than 10 s.
LONG = (
    "tests/e2e/test_smart_charging",
    "tests/e2e/test_fault_injection",
    "tests/unit/power_cuts/",
    "tests/smart/",
    "tests/e2e/test_connect",
    "tests/e2e/test_idle",
    "tests/e2e/test_meter_faults",
    "tests/e2e/test_storage",
    "tests/e2e/test_update",
    "tests/tools/test_package",
    "tests/house/test_build",
    "tests/house/test_size",
    "tests/unit/profiles/smart_charging/test_smart_phases",
    "tests/unit/hal/evse/test_tick_",
    "tests/unit/x509/",
)


def is_long(nodeid):
    return nodeid.startswith(LONG)


def ordered(items):
    """The tests in the order in which they are given to the workers."""
    kinds = {}
    for item in items:
        kinds.setdefault(item.nodeid.split("/")[1], {}).setdefault(part_of(item.nodeid), []).append(item)
    places = [(at / len(parts), part) for parts in kinds.values() for at, part in enumerate(parts.values())]
    mixed = [item for _, part in sorted(places, key=lambda place: place[0]) for item in part]
    return sorted(mixed, key=lambda item: not is_long(item.nodeid))


def part_of(nodeid):
    """The name of the part: of tests/e2e each test is one by itself; of tests/unit what one process runs, a file under
    one interpreter; else a file."""
    file, *inside = nodeid.split("::")
    if file.startswith("tests/e2e/"):
        return nodeid
    return "::".join([file, *inside[:1]]) if file.startswith("tests/unit/") else file


class Scheduler(LoadScopeScheduling):
    """Gives the parts to the workers one by one, in the order of the collection."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        return part_of(nodeid)
