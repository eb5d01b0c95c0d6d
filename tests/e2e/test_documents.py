"""What the documents let a reader do with a running charge point: the first charge, its status, its levers."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def section(name, heading):
    """The lines of a document below `heading`, to the next one."""
    text = (ROOT / name).read_text()
    return re.split(r"\n##+ ", text.split("\n%s\n" % heading, 1)[1])[0].split("\n")


def rows(lines, header):
    """The cells of each row of the table with this header."""
    for line in lines[lines.index(header) + 2 :]:
        if line[:1] != "|":
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def curl(firmware, line):
    """Do what a line "curl [--json 'JSON'] localhost:8080/PATH" does; the answer."""
    body, path = re.fullmatch(r"curl (?:--json '(.*)' )?localhost:8080(/\S+)", line).groups()
    status, answer = firmware.request("POST" if body else "GET", path, json.loads(body) if body else None)
    assert status == 200, answer
    return answer


@pytest.fixture
def running(csms, firmware):
    firmware.start()
    csms.expect_boot()
    return firmware


def test_the_first_charge_of_the_readme(csms, running):
    """Its lines one after the other, then the same card again."""
    lines = [line for line in section("README.md", "## First charge") if line.startswith("curl ")]
    assert len(lines) == 4
    for line in lines:
        answer = curl(running, line)
    assert answer["connectors"][0]["id"] == 1
    csms.expect("StartTransaction")
    running.wait_status(1, "Charging")
    curl(running, next(line for line in lines if "idTag" in line))
    assert csms.expect("StopTransaction")["reason"] == "Local"


def test_the_fields_of_the_status_are_those_of_owner_md(csms, running):
    lines = section("docs/owner.md", "## What the charge point says of itself")
    told = [(re.findall(r"`([a-z_]\w*)`", first), meaning) for first, meaning in rows(lines, "| field | meaning |")]
    status = running.status()
    assert {name for names, _ in told for name in names} == set(status)
    for names, meaning in told:
        inner = status[names[-1]]
        inner = inner[0] if isinstance(inner, list) else inner
        if isinstance(inner, dict):
            assert set(inner) <= set(re.findall(r"`(\w+)`", meaning)), names


LEVERS = [cells for cells in rows(section("docs/testing.md", "## The simulated board"), "| lever | fields |")]


@pytest.mark.parametrize("lever, fields", LEVERS, ids=lambda text: text.strip("`") if len(text) < 20 else "")
def test_the_levers_are_those_of_testing_md(csms, running, lever, fields):
    """An unknown field is answered with all that are known."""
    path = "/api/sim/connectors/1/" + lever.strip("`")
    status, answer = running.request("POST", path, {"nonsense": 1})
    assert status == 400
    known = set(answer["error"].split("known: ")[1].split(", "))
    assert set(re.findall(r"`(\w+)`", fields)) == known
