"""docs/security_requirements.md names tests that are there."""

import re
from functools import cache

import pytest
from rooms import ROOT

TEXT = (ROOT / "docs" / "security_requirements.md").read_text()
NAMED = sorted(set(re.findall(r"([\w/]+\.py)::(test_\w+)", TEXT)))
FILES = sorted(set(re.findall(r"([\w/]+\.py)", TEXT)))


@cache
def source(file):
    """The texts of the files in tests/ with this name, or the end of a path."""
    paths = (ROOT / "tests").rglob(file.split("/")[-1])
    return "".join(path.read_text() for path in paths if path.as_posix().endswith("/" + file))


@pytest.mark.parametrize("file", FILES)
def test_files_are_there(file):
    assert source(file)


@pytest.mark.parametrize("file, name", NAMED)
def test_named_tests_are_there(file, name):
    assert "def %s(" % name in source(file)
