"""Versions: version.py, CHANGELOG.md and the tags of the repository agree, and `git describe` names a checkout."""

import re
import subprocess

import pytest
from rooms import ROOT
from test_build import tool

HEADING = re.compile(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", re.MULTILINE)


def released(text):
    """[(version, date)] of the headings of a CHANGELOG, as they stand there."""
    return HEADING.findall(text)


def numbers(version):
    return tuple(map(int, version.split(".")))


def git(root, *command):
    """What git prints, or None where it fails."""
    done = subprocess.run(["git", "-C", root, *command], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def faults(root):
    """What is wrong with the tags of the repository at `root`; a version that its last commit has set may have none
    yet."""
    versions = [version for version, _ in released((root / "CHANGELOG.md").read_text())]
    line = 'VERSION = "%s"'
    set_by_head = line % versions[0] in (git(root, "show", "--format=", "HEAD", "--", "version.py") or "")
    for version in versions[1:] if set_by_head and not git(root, "tag", "-l", "v" + versions[0]) else versions:
        tag = "v" + version
        if git(root, "cat-file", "-t", tag) != "tag":
            yield "%s is no annotated tag" % tag
        elif line % version not in (git(root, "show", tag + ":version.py") or ""):
            yield "version.py of %s has another version" % tag
        elif git(root, "merge-base", "--is-ancestor", tag, "HEAD") is None:
            yield "%s is no part of this history" % tag
        elif version == versions[0] and not re.fullmatch(tag + r"(-\d+-g\w+)?", git(root, "describe") or ""):
            yield "git describe does not begin with " + tag


def test_the_build_has_the_newest_version_of_the_changelog():
    build = tool("build")
    versions = released((ROOT / "CHANGELOG.md").read_text())
    assert build.head(build.sources(), None)["version"] == versions[0][0]


def test_the_changelog_has_the_newest_version_first():
    text = (ROOT / "CHANGELOG.md").read_text()
    versions, dates = zip(*released(text), strict=True)
    assert list(versions) == sorted(set(versions), key=numbers, reverse=True)
    assert list(dates) == sorted(dates, reverse=True)
    headings = re.findall("^## .*", text, re.MULTILINE)
    assert len(headings) == len(versions) + (headings[0] == "## Unreleased")


def test_each_released_version_has_a_tag():
    """Where there are tags at all: a copy of the sources, or of a part of the history, may have none."""
    if not git(ROOT, "tag", "-l", "v*"):
        pytest.skip("no tags here")
    assert list(faults(ROOT)) == []


def released_checkout(root, *versions):
    """A repository in which `versions` were released, the last one without a tag."""
    root.mkdir()
    git(root, "init", "-q")
    for at, version in enumerate(versions):
        if at:
            git(root, *WHO, "tag", "-a", "v" + versions[at - 1], "-m", versions[at - 1])
        (root / "version.py").write_text('VERSION = "%s"\n' % version)
        (root / "CHANGELOG.md").write_text("".join("## %s - 2026-01-01\n" % other for other in versions[at::-1]))
        commit(root)
    return root


WHO = ("-c", "user.name=a", "-c", "user.email=a@example.org")


def commit(root):
    git(root, "add", "-A")
    git(root, *WHO, "commit", "-q", "--allow-empty", "-m", "x")


def test_a_release_without_its_tag_is_found(tmp_path):
    """But not before there can be one: until the commit after that of the release."""
    root = released_checkout(tmp_path / "a", "1.0.0", "1.1.0")
    assert list(faults(root)) == []
    commit(root)
    assert list(faults(root)) == ["v1.1.0 is no annotated tag"]
    git(root, *WHO, "tag", "-a", "v1.1.0", "-m", "1.1.0", "HEAD~1")
    assert list(faults(root)) == [] and git(root, "describe").startswith("v1.1.0-1-g")
    git(root, "tag", "-d", "v1.0.0")
    assert list(faults(root)) == ["v1.0.0 is no annotated tag"]


def test_a_wrong_tag_is_found(tmp_path):
    root = released_checkout(tmp_path / "a", "1.0.0", "1.1.0")
    git(root, "tag", "v1.1.0")
    assert list(faults(root)) == ["v1.1.0 is no annotated tag"]
    git(root, *WHO, "tag", "-f", "-a", "v1.1.0", "-m", "1.1.0", "HEAD~1")
    assert list(faults(root)) == ["version.py of v1.1.0 has another version"]
    git(root, *WHO, "tag", "-f", "-a", "v1.1.0", "-m", "1.1.0")
    assert list(faults(root)) == [] and git(root, "describe") == "v1.1.0"
    git(root, *WHO, "commit", "-q", "--amend", "--allow-empty", "-m", "another")
    assert list(faults(root)) == ["v1.1.0 is no part of this history"]
