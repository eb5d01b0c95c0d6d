"""The automaton that checks JSON on the wire, made from the grammar of RFC 8259.

    python tools/json_states.py            write the table _STATES into its module in ocpp/
    python tools/json_states.py --check    status 1 unless it is there as it would be written

The table has a row for each state: pairs of the highest byte of a range and what follows, another state or a finding;
rows are addressed by the number of pairs before them. The function `walk` in ocpp/_scan.py reads it.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINE = 20  # bytes of the table in a line of source

# Findings; every smaller number is a state.
PAIR, POWER, NUMBER, END, OPEN, CLOSE, ERROR = range(249, 256)
DIGITS = "0123456789"
HEX = DIGITS + "abcdefABCDEF"
NO_D = HEX.replace("d", "").replace("D", "")
SPACE = " \t\r\n"
CONTROL = "".join(chr(code) for code in range(32))
VALUES = [("[{", OPEN), ('"', "string"), ("-", "minus"), ("0", "zero"), ("123456789", "digits")]
VALUES += [("t", "t"), ("f", "f"), ("n", "n")]
# (state, [(characters, what follows)], what follows all others)
GRAMMAR = (
    ("value", [(SPACE, "value"), *VALUES], ERROR),
    ("first", [(SPACE, "first"), ("]", CLOSE), *VALUES], ERROR),
    ("first key", [(SPACE, "first key"), ("}", CLOSE), ('"', "string")], ERROR),
    ("key", [(SPACE, "key"), ('"', "string")], ERROR),
    ("colon", [(SPACE, "colon"), (":", "value")], ERROR),
    ("array", [(SPACE, "array"), (",", "value"), ("]", CLOSE)], ERROR),
    ("object", [(SPACE, "object"), (",", "key"), ("}", CLOSE)], ERROR),
    ("string", [('"', END), ("\\", "escape"), (CONTROL, ERROR)], "string"),
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
    return "_STATES = (\n%s\n)\n" % "\n".join(lines)


def module():
    """The file that has the table."""
    return next(path for path in sorted((ROOT / "ocpp").rglob("*.py")) if "\n_STATES = (\n" in path.read_text())


def replaced(text):
    """`text` with the table as it should be."""
    start = text.index("_STATES = (\n")
    end = text.index("\n)\n", start) + 3
    return text[:start] + written() + text[end:]


def main():
    parser = argparse.ArgumentParser(description="Write the automaton that checks JSON.")
    parser.add_argument("--check", action="store_true", help="only say whether the table is as it should be")
    check = parser.parse_args().check
    path = module()
    text = path.read_text()
    if replaced(text) == text:
        return 0
    if check:
        print("%s: _STATES is not what tools/json_states.py makes" % path.relative_to(ROOT), file=sys.stderr)
        return 1
    path.write_text(replaced(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
