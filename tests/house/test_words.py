"""Words that a reader has to guess are not in docstrings, comments and names (CONTRIBUTING.md, "Code")."""

import ast
import io
import re
import tokenize

import pytest
from rooms import ROOT, firmware, tools

# Riddles, and what is meant by them.
PHRASES = {
    r"told": "sent, reported, logged, asked, informed",
    r"that tells": "that reports, shows, names",
    r"says? nothing": "has no ..., sets no ..., does not answer",
    r"lets? go of": "releases, unloads, closes",
    r"for the moment": "while ...",
    r"for good": "until ..., for ever",
    r"all begins": "start again",
    r"anew": "again, from the start",
    r"whoever": "the task, the caller, the driver that",
    r"of late": "in the last ...",
    r"at hand": "known, in memory",
    r"unasked": "by itself",
    r"(?:take|takes|taken) up(?! to)": "restore, resume, continue",
    r"as one would like": "misbehaves",
    r"what \w+ is made of": "says what it does",
    r"comes? there first": "import, load",
    r"these or others": "this one or older ones",
    r"cannot be told": "cannot be measured, seen, known",
    r"design \d+(?:\.\d+)?": "a document in docs/ and its heading",
}
# Names that have been replaced: of files, functions and variables, of the firmware and of tests.
FILES = set("""
arrivals box early facts_of fittings furnish gather lazy life on_demand outbox_events pages post presentation pressed
rare_frames running cards_in_field csms_desk desk front_end lives players turmoil
""".split())
NAMES = set("""
_AGAIN_S _ASIDE _LOOK_S _MOST _NEAR beat beat_anew beaten boot_now furnish gather judge _judge smart_any
""".split())
ROOMS_OF_OLD = ("assembly/", "microdot/")


def prose(text):
    """(line, docstring or comment) of the source `text`."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            yield node.body[0].lineno, node.body[0].value.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def riddles(text):
    """(line, the words, what to write) of each; names in backticks are names."""
    for line, words in prose(text):
        plain = " ".join(re.sub(r"`[^`]*`", "", words).split())
        for phrase, better in PHRASES.items():
            for found in re.findall(r"\b(?:%s)\b(?!\()" % phrase, plain, re.IGNORECASE):
                yield line, found, better


def files_of_tests():
    names = (path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py"))
    return sorted(name for name in names if name != "tests/house/test_words.py")


@pytest.mark.parametrize("files", [firmware, tools, files_of_tests], ids=lambda files: files.__name__)
def test_no_docstring_and_no_comment_is_a_riddle(files):
    found = ["%s:%d: %r: better %s" % (name, *riddle) for name in files()
             for riddle in riddles((ROOT / name).read_text())]
    assert found == []


def test_a_riddle_is_found():
    text = '"""What is told of `told`."""\n\n\ndef told():  # lets\n    """Lets\n    go of it, says\n    nothing."""\n'
    assert [line for line, *_ in riddles(text)] == [1, 5, 5]


def test_files_have_the_field_s_names():
    stems = {name: name.split("/")[-1].removesuffix(".py") for name in firmware() + files_of_tests()}
    assert [name for name, stem in stems.items() if stem in FILES or name.startswith(ROOMS_OF_OLD)] == []


def test_functions_and_variables_have_the_field_s_names():
    found = []
    for name in firmware():
        for node in ast.walk(ast.parse((ROOT / name).read_bytes())):
            defined = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name
            stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id
            if (defined or stored) in NAMES:
                found.append("%s:%d: %s" % (name, node.lineno, defined or stored))
    assert found == []


def test_names_of_tests_are_no_riddles():
    found = []
    for name in files_of_tests():
        for function in re.findall(r"def (test_\w+)", (ROOT / name).read_text()):
            words = function.replace("_", " ")
            found += [function for phrase in PHRASES if re.search(r"\b(?:%s)\b" % phrase, words, re.IGNORECASE)]
    assert found == []
