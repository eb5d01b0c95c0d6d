"""What the documents say is so: tables, links, commands, variables, files, errata, pictures."""

import importlib.util
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from limits import patient
from rooms import ROOT, firmware

TOOL = ROOT / "tools" / "doc_tables.py"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")])
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = MAKEFILE.split(".PHONY:")[1].split("\n")[0].split()


def text_of(path):
    return path.read_text()


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("doc_tables", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_what_the_code_says():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, timeout=patient(30))
    assert done.returncode == 0, done.stderr


KNOWN = {"keys": [["Old", "1"], ["New", "2"]], "whole": [["A", "3"]]}
OLD = "<!-- table: keys -->\n| key | value | meaning |\n|---|---|---|\n| `Gone` | 0 | - |\n| `Old` | 0 | old |\n\nend"


def test_a_table_keeps_its_words_and_gets_its_facts(tool):
    used = []
    text, wrong = tool.rewritten(OLD, KNOWN, used)
    assert text.split("\n")[3:] == ["| `Old` | 1 | old |", "| `New` | 2 |  |", "", "end"]
    assert used == ["keys"] and wrong == ["table keys: `New` has no words"]


def test_a_table_without_words_is_written_as_a_whole(tool):
    text, wrong = tool.rewritten("<!-- table: whole -->\n| a | b |\n|---|---|\n| `X` | 1 |", KNOWN, [])
    assert text.split("\n")[3:] == ["| `A` | 3 |"] and wrong == []


def test_a_table_of_unknown_facts_is_refused(tool):
    with pytest.raises(tool.Wrong):
        tool.rewritten("<!-- table: nothing -->\n| a |\n|---|\n", KNOWN, [])


def test_the_readme_is_short():
    assert text_of(ROOT / "README.md").count("\n") < 100


def anchor(heading):
    """The anchor that a heading gets: small letters, blanks as hyphens, no other signs."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        name, _, heading = target.partition("#")
        there = path.parent / name if name else path
        assert there.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", text_of(there), re.MULTILINE)
            assert heading in [anchor(line) for line in headings], target


def code(path):
    """All that stands between backticks, or in a block, of a document."""
    return re.findall(r"```.*?```|`[^`\n]+`", text_of(path), re.DOTALL)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_are_targets_of_the_makefile(path):
    named = {name for piece in code(path) for name in re.findall(r"\bmake ([a-z]+)", piece)}
    assert named <= set(TARGETS)


def test_every_target_is_in_a_document():
    named = {name for path in DOCUMENTS for piece in code(path) for name in re.findall(r"\bmake ([a-z]+)", piece)}
    assert set(TARGETS) - named - {"help", "clean"} == set()


def test_variables_are_read_by_somebody():
    scripts = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("tools/*.py"), ROOT / "Makefile"]
    scripts.remove(ROOT / "tests" / "house" / "test_docs.py")
    read = "".join(text_of(path) for path in scripts)
    for path in DOCUMENTS:
        for piece in code(path):
            for name in re.findall(r"\b([A-Z]+_[A-Z_\d]+|PORT|CONFIG|RUNS|BUILD)(?==|`$)", piece):
                assert name in read, "%s in %s" % (name, path.name)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_are_there(path):
    rooms = {entry.name for entry in os.scandir(ROOT) if entry.is_dir()} - {"vendors", "my"}
    for piece in code(path):
        for name in re.findall(r"(?<![\w/:.])([\w.-]+/[\w./-]+\.(?:py|md|json|svg))\b", piece):
            if name.split("/")[0] in rooms:
                assert (ROOT / name).exists(), name


def references(text):
    """Each erratum in a text such as "E 3.4, 3.5 to 3.7; J 2.1"; J 4.1.1 and OCPP-J 4.1 are sections."""
    for sheet, first, rest in re.findall(r"(?<![\w-])([EJ]) (\d+\.\d+)(?!\.\d)((?:(?:, | to | - )\d+\.\d+)*)", text):
        yield "%s %s" % (sheet, first)
        last = first
        for how, number in re.findall(r"(, | to | - )(\d+\.\d+)", rest):
            begin, end = int(last.split(".")[1]) + 1, int(number.split(".")[1])
            between = range(begin, end + 1) if how in (" to ", " - ") else [end]
            yield from ("%s %s.%d" % (sheet, number.split(".")[0], minor) for minor in between)
            last = number


def test_references_are_read():
    expected = ["E 3.4", "E 3.6", "E 3.7", "E 3.8", "J 2.1"]
    assert list(references("E 3.4, 3.6 to 3.8: see J 2.1 and 1.6 4.9, J 4.1.1, OCPP-J 5.3")) == expected


def test_every_erratum_that_the_code_follows_is_in_the_table_of_decisions():
    table = text_of(ROOT / "docs" / "operator.md").split("## Decisions on the errata")[1]
    decided = {name for row in table.split("\n") if row[:3] in ("| E", "| J") for name in references(row.split("|")[1])}
    followed = {name for path in firmware() for name in references(text_of(ROOT / path))}
    assert followed - decided == set()


def test_the_log_lines_of_the_symptoms_are_written_by_somebody():
    """Of texts in the table of symptoms: the longest piece between what is filled in."""
    table = text_of(ROOT / "docs" / "owner.md").split("## Troubleshooting")[1].split("### Faults")[0]
    firmware_text = "".join(text_of(ROOT / name) for name in firmware())
    lines = [line for line in re.findall(r"`([^`]+)`", table) if " " in line]
    assert len(lines) >= 5
    for line in lines:
        assert max(line.split("..."), key=len) in firmware_text, line


def test_pictures_are_drawings_that_somebody_shows():
    shown = "".join(text_of(path) for path in DOCUMENTS)
    for path in sorted(ROOT.glob("docs/*.svg")):
        picture = ElementTree.parse(path).getroot()
        assert picture.tag.endswith("svg") and picture[0].tag.endswith("title") and picture[0].text
        assert path.name + ")" in shown, path.name


def test_drawings_of_the_wiring_name_pins_of_the_table():
    pins = set(re.findall(r"^\| `(\w+)` \|", text_of(ROOT / "docs" / "wiring.md"), re.MULTILINE))
    named = set()
    for name in ("pilot", "proximity", "interlock", "contactors"):
        picture = ElementTree.parse(ROOT / "docs" / (name + ".svg")).getroot()
        texts = {element.text for element in picture.iter() if element.tag.endswith("text")}
        named |= {text for text in texts if text in pins or re.fullmatch(r"[a-z\d]+_[a-z_\d]+", text)}
    assert named - {"max_current"} <= pins
    assert {"pilot", "pilot_high", "pilot_low", "proximity", "contactor", "contactor_l2l3", "weld"} <= named


def test_every_example_is_named():
    listed = text_of(ROOT / "examples" / "README.md")
    files = [path for path in ROOT.glob("examples/**/*") if path.suffix in (".json", ".py")]
    for path in files:
        assert "(%s)" % path.relative_to(ROOT / "examples").as_posix() in listed
    assert len(files) >= 8
