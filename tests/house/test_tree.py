"""What no file of the project may say, and what every checkout has."""

import re
import subprocess

from rooms import ROOT

# Places that exist on somebody's machine only, and package registries: pip knows where those are.
MACHINE = re.compile(r'(?<![\w./~<-])(?<!\+ ")/(tmp|work|home|root)(?![\w-])')
REGISTRY = re.compile(r"pypi\.org|python[h]osted|npm[j]s|crates\.io|proxy\.golang\.org")


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def found(pattern):
    for path in tracked():
        try:
            lines = path.read_text().split("\n")
        except UnicodeDecodeError:
            continue
        for at, line in enumerate(lines, 1):
            if pattern.search(line):
                yield "%s:%d: %s" % (path.name, at, line)


def test_no_file_names_a_place_of_one_machine():
    assert list(found(MACHINE)) == []


def test_no_file_names_a_package_registry():
    assert list(found(REGISTRY)) == []


def test_the_patterns_find_what_they_look_for():
    for place in ("tmp", "work", "home", "root"):
        assert MACHINE.search("cd /%s/x" % place) and MACHINE.search('"/%s"' % place)
    assert not MACHINE.search("http://host/work and build/home, /rooted")
    assert REGISTRY.search("https://pypi" + ".org/simple")


def test_continuous_integration_runs_the_tests_and_nothing_else():
    text = (ROOT / ".ci" / "run").read_text()
    commands = [line for line in text.split("\n") if line and not line.startswith(("#", "set "))]
    assert commands == ['cd "$(dirname "$0")/.."', "exec make test"]


def test_requirements_are_pinned():
    lines = [line for line in (ROOT / "requirements.txt").read_text().split("\n") if line and line[0] != "#"]
    assert lines and all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
