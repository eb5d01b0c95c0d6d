"""The automaton that checks JSON, made from the grammars of RFC 8259 and, for UTF-8, RFC 3629.

    python tools/json_states.py            write the table into json_states.py, and the numbers of its states into
                                           strict_json.py and config/json_file.py
    python tools/json_states.py --check    status 1 unless they are there as they would be written

The table has a row for each state: pairs of the highest byte of a range and what follows, another state or a finding;
rows are addressed by the number of pairs before them. The functions in _scan.py read it.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("json_states.py", "strict_json.py", "config/json_file.py")
LINE = 20  # bytes of the table in a line of source

# Findings; every smaller number is a state.
FINDINGS = ("PAIR", "POWER", "NUMBER", "END", "OPEN", "CLOSE", "ERROR")
PAIR, POWER, NUMBER, END, OPEN, CLOSE, ERROR = range(249, 256)
DIGITS = "0123456789"
HEX = DIGITS + "abcdefABCDEF"
NO_D = HEX.replace("d", "").replace("D", "")
SPACE = " \t\r\n"
CONTROL = "".join(chr(code) for code in range(32))


def span(first, last):
    """The bytes from `first` to `last`."""
    return "".join(chr(code) for code in range(first, last + 1))


VALUES = [("[{", OPEN), ('"', "string"), ("-", "minus"), ("0", "zero"), ("123456789", "digits")]
VALUES += [("t", "t"), ("f", "f"), ("n", "n")]
# What a byte that is not ASCII begins: no overlong forms, no surrogates, nothing above U+10FFFF.
CHARACTERS = [(span(0x80, 0xC1), ERROR), (span(0xC2, 0xDF), "one more"), ("\xe0", "after e0"), ("\xed", "after ed")]
CHARACTERS += [(span(0xE1, 0xEC), "two more"), (span(0xEE, 0xEF), "two more"), ("\xf0", "after f0")]
CHARACTERS += [(span(0xF1, 0xF3), "three more"), ("\xf4", "after f4"), (span(0xF5, 0xFF), ERROR)]
# (state, [(bytes, what follows)], what follows all others)
GRAMMAR = (
    ("value", [(SPACE, "value"), *VALUES], ERROR),
    ("first", [(SPACE, "first"), ("]", CLOSE), *VALUES], ERROR),
    ("first key", [(SPACE, "first key"), ("}", CLOSE), ('"', "string")], ERROR),
    ("key", [(SPACE, "key"), ('"', "string")], ERROR),
    ("colon", [(SPACE, "colon"), (":", "value")], ERROR),
    ("array", [(SPACE, "array"), (",", "value"), ("]", CLOSE)], ERROR),
    ("object", [(SPACE, "object"), (",", "key"), ("}", CLOSE)], ERROR),
    ("string", [('"', END), ("\\", "escape"), (CONTROL, ERROR), *CHARACTERS], "string"),
    ("escape", [('"\\/bfnrt', "string"), ("u", "hex1")], ERROR),
    ("hex1", [("dD", "surrogate"), (NO_D, "hex2")], ERROR),
    ("hex2", [(HEX, "hex3")], ERROR),
    ("hex3", [(HEX, "hex4")], ERROR),
    ("hex4", [(HEX, "string")], ERROR),
    ("surrogate", [("01234567", "hex3"), ("89abAB", "high3")], ERROR),
    ("minus", [("0", "zero"), ("123456789", "digits")], ERROR),
    ("zero", [(".", "point"), ("eE", "e")], NUMBER),
    ("digits", [(DIGITS, "digits"), (".", "point"), ("eE", "e")], NUMBER),
    ("point", [(DIGITS, "fraction")], ERROR),
    ("fraction", [(DIGITS, "fraction"), ("eE", "e")], NUMBER),
    ("t", [("r", "tr")], ERROR),
    ("tr", [("u", "tru")], ERROR),
    ("tru", [("e", END)], ERROR),
    ("f", [("a", "fa")], ERROR),
    ("fa", [("l", "fal")], ERROR),
    ("fal", [("s", "tru")], ERROR),
    ("n", [("u", "nu")], ERROR),
    ("nu", [("l", "nul")], ERROR),
    ("nul", [("l", END)], ERROR),
    ("e", [("+-", "sign"), (DIGITS, "power")], ERROR),
    ("sign", [(DIGITS, "power")], ERROR),
    ("power", [(DIGITS, "power")], POWER),
    # A pair of surrogates written as escapes: \ud800 to \udbff, then \udc00 to \udfff.
    ("high3", [(HEX, "high4")], ERROR),
    ("high4", [(HEX, "half")], ERROR),
    ("half", [("\\", "half\\")], ERROR),
    ("half\\", [("u", "half u")], ERROR),
    ("half u", [("dD", "half d")], ERROR),
    ("half d", [("cdefCDEF", "low3")], ERROR),
    ("low3", [(HEX, "low4")], ERROR),
    ("low4", [(HEX, PAIR)], ERROR),
    ("one more", [(span(0x80, 0xBF), "string")], ERROR),
    ("two more", [(span(0x80, 0xBF), "one more")], ERROR),
    ("three more", [(span(0x80, 0xBF), "two more")], ERROR),
    ("after e0", [(span(0xA0, 0xBF), "one more")], ERROR),
    ("after ed", [(span(0x80, 0x9F), "one more")], ERROR),
    ("after f0", [(span(0x90, 0xBF), "two more")], ERROR),
    ("after f4", [(span(0x80, 0x8F), "two more")], ERROR),
)


def _pairs(rules, others):
    """[(highest byte of a range, what follows)], an even number of them."""
    following = [others] * 256
    for characters, next_state in rules:
        for character in characters:
            following[ord(character)] = next_state
    pairs = [(byte, following[byte]) for byte in range(256) if byte == 255 or following[byte] != following[byte + 1]]
    return pairs + pairs[-1:] if len(pairs) & 1 else pairs


def rows():
    """[(number of the state, its name, bytes)] of the table."""
    starts, found, count = {}, [], 0
    for name, rules, others in GRAMMAR:
        pairs = _pairs(rules, others)
        starts[name] = count // 2
        found.append((name, pairs))
        count += len(pairs)
    return [(starts[name], name, bytes(starts.get(part, part) for pair in pairs for part in pair))
            for name, pairs in found]


def written():
    """The source of the table."""
    lines = []
    for number, name, content in rows():
        parts = ["".join("\\x%02x" % byte for byte in content[at : at + LINE]) for at in range(0, len(content), LINE)]
        if len(parts) == 1:
            lines.append('    b"%s"  # %d %s' % (parts[0], number, name))
        else:
            lines += ["    # %d %s" % (number, name), *('    b"%s"' % part for part in parts)]
    return "STATES = (\n%s\n)\n" % "\n".join(lines)


def numbers():
    """The number of each state and finding, by the name of its constant."""
    found = {name.upper().replace(" ", "_"): number for number, name, _ in rows()}
    return {**found, **{name: globals()[name] for name in FINDINGS}}


def replaced(text):
    """The source `text` with the table, if it has one, and the constants as they should be."""
    known = numbers()
    start = text.find("STATES = (\n")
    if start >= 0:
        text = text[:start] + written() + text[text.index("\n)\n", start) + 3 :]
    return re.sub(r"^_([A-Z_0-9]+) = const\(\d+\)$",
                  lambda line: "_%s = const(%d)" % (line[1], known[line[1]]) if line[1] in known else line[0],
                  text, flags=re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description="Write the automaton that checks JSON.")
    parser.add_argument("--check", action="store_true", help="only say whether all is as it should be")
    check, status = parser.parse_args().check, 0
    for name in FILES:
        text = (ROOT / name).read_text()
        if replaced(text) == text:
            continue
        if check:
            print("%s: is not what tools/json_states.py makes of it" % name, file=sys.stderr)
            status = 1
        else:
            (ROOT / name).write_text(replaced(text))
    return status


if __name__ == "__main__":
    sys.exit(main())
