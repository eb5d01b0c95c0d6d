"""The house rules of the design, file by file."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rules
from rooms import ROOT, firmware, tools, tree

# What the CSMS may ask of a charge point, OCPP 1.6 chapter 5 and the security whitepaper.
REQUESTS = """
CancelReservation ChangeAvailability ChangeConfiguration ClearCache ClearChargingProfile DataTransfer
GetCompositeSchedule GetConfiguration GetDiagnostics GetLocalListVersion RemoteStartTransaction
RemoteStopTransaction ReserveNow Reset SendLocalList SetChargingProfile TriggerMessage UnlockConnector
UpdateFirmware CertificateSigned DeleteCertificate ExtendedTriggerMessage GetInstalledCertificateIds GetLog
InstallCertificate SignedUpdateFirmware
""".split()
MESSAGE_FILES = {re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower() for name in REQUESTS}


def broken(rule, names):
    return ["%s:%d: %s" % (name, *found) for name in names for found in rule(tree(name))]


def is_viper(name):
    return bool(list(rules.machine_code(tree(name))))


@pytest.mark.parametrize("rule", rules.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_rule(rule):
    names = firmware() + (tools() if rule in rules.IN_TOOLS_TOO else [])
    assert broken(rule, names) == []


@pytest.mark.parametrize("rule", [*rules.EVERYWHERE, *rules.BUT_FOR_SOME], ids=lambda rule: rule.__name__)
def test_rule_finds_what_it_forbids(rule):
    sample = {**rules.EVERYWHERE, **rules.BUT_FOR_SOME}[rule]
    assert list(rule(ast.parse(sample)))


def test_no_coroutine_of_another_file_is_called_without_await():
    names = rules.coroutine_names(tree(name) for name in firmware()) - {"connect"}  # of network.WLAN: a function
    assert broken(lambda syntax: rules.forgotten_await_of(names, syntax), firmware()) == []


def test_a_forgotten_await_is_found_across_files():
    there = ast.parse("class A:\n    async def send(self): pass\n    async def run(self): pass")
    here = ast.parse("def run(): pass\nasync def f(a):\n    a.send()\n    a.run()\n    await a.send()")
    names = rules.coroutine_names([there, here])
    assert [line for line, _ in rules.forgotten_await_of(names, here)] == [3]


def test_only_the_clock_knows_the_epoch():
    assert broken(rules.wall_clock, [name for name in firmware() if name != "ocpp/clock/__init__.py"]) == []


@pytest.mark.parametrize("name", firmware() + tools())
def test_file_is_short(name):
    assert (ROOT / name).read_text().count("\n") <= rules.MAX_FILE


def test_files_of_tests_are_short():
    lengths = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in (ROOT / "tests").rglob("*.py")}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > rules.MAX_TEST_FILE} == {}


def test_no_file_of_unit_tests_imports_another():
    """What two of them need lies in tests/support/unit."""
    found = []
    for path in (ROOT / "tests" / "unit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [(path.name, name) for name in modules if name.split(".")[-1].startswith("test_")]
    assert found == []


def test_machine_code_has_files_of_its_own():
    names = [name for name in firmware() if not re.search(r"\b_[a-z0-9_]*[a-z0-9]\.py$", name)]
    assert broken(rules.machine_code, names) == []


VIPERS = [name for name in firmware() if is_viper(name)]


@pytest.mark.parametrize("name", VIPERS)
def test_machine_code_has_a_plain_twin_and_a_test_of_both(name):
    twin = name.removesuffix(".py") + "_py.py"
    assert (ROOT / twin).exists()
    named = re.compile(r"\b%s\b" % twin.split("/")[-1].removesuffix(".py"))
    tests = [path for path in (ROOT / "tests" / "unit").rglob("test_*.py") if named.search(path.read_text())]
    assert tests, "no test in tests/unit compares %s with its twin" % name


def test_micropython_runs_the_machine_code():
    """Where it did not, the twin would be used in silence, and tests would compare it with itself."""
    modules = [name.removesuffix(".py").replace("/", ".") for name in VIPERS]
    interpreter = Path(sys.executable).with_name("micropython")
    subprocess.run([interpreter, "-c", "import " + ", ".join(modules)], cwd=ROOT, check=True)


def handler(name):
    """The arguments of the coroutine `handle` of a file; None without one, "function" if it is none."""
    for node in tree(name).body:
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "handle":
            return [argument.arg for argument in node.args.args]
        if isinstance(node, ast.FunctionDef) and node.name == "handle":
            return "function"
    return None


@pytest.mark.parametrize("name", [name for name in firmware() if name.startswith("profiles/")])
def test_message_is_a_file_with_a_handler(name):
    arguments = handler(name)
    if name.split("/")[2:3] == ["calls"] and not name.endswith("__init__.py"):
        assert name.split("/")[-1].removesuffix(".py") in MESSAGE_FILES
        assert len(arguments) == 2 and arguments[1] == "payload"
    else:
        assert arguments is None
