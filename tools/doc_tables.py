"""Keeps the tables in docs/ in line with the code: people write the last column, the code all others.

    python tools/doc_tables.py            write the tables
    python tools/doc_tables.py --check    exit status 1 if one is not what the code says, or lacks words

A table of facts has a line `<!-- table: NAME -->` before it; doc_facts.py knows the names. A row keeps its place and
its words; a new one comes last, without words, which is a mistake until somebody writes them. A table that has only
the columns of its facts is written as a whole.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
_MARK = re.compile(r"<!-- table: (.+) -->")


class Wrong(Exception):
    """A table, or the firmware, is not as it must be; args[0] says how."""


def facts():
    """Name of a table -> its rows, each a list of cells without the words; Wrong."""
    interpreter = Path(sys.executable).with_name("micropython")
    with tempfile.TemporaryDirectory() as folder:
        command = [interpreter, "-X", "heapsize=4M", ROOT / "tools" / "doc_facts.py", ROOT, folder]
        path = {**os.environ, "MICROPYPATH": "%s:.frozen" % ROOT}
        done = subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True)
    if done.returncode:
        raise Wrong("the firmware does not tell its facts:\n" + done.stdout + done.stderr)
    return json.loads(done.stdout.strip().split("\n")[-1])


def _cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row(cells):
    return "| %s |" % " | ".join(cells)


def table(lines, rows):
    """(the lines of a table, of which `lines` begins with header and rule, with the facts `rows`; what lacks words)."""
    columns, count = len(_cells(lines[0])), len(rows[0])
    if columns - count not in (0, 1):
        raise Wrong("%s: %d columns are facts, one may follow for words" % (lines[0], count))
    wanted = {"`%s`" % name: cells for name, *cells in rows}
    if columns == count:
        return lines[:2] + [_row(["`%s`" % name, *cells]) for name, *cells in rows], []
    words = {_cells(line)[0]: _cells(line)[-1] for line in lines[2:]}
    order = [name for name in words if name in wanted] + [name for name in wanted if name not in words]
    made = [_row([name, *wanted[name], words.get(name, "")]) for name in order]
    return lines[:2] + made, [name for name in order if not words.get(name)]


def rewritten(text, known, used):
    """(`text` of a document with its tables as in `known`, lines about what lacks words); names go to `used`."""
    lines, made, wrong = text.split("\n"), [], []
    while lines:
        made.append(lines.pop(0))
        mark = _MARK.fullmatch(made[-1])
        if not mark:
            continue
        if mark[1] not in known:
            raise Wrong("there are no facts named %s" % mark[1])
        used.append(mark[1])
        found = []
        while lines and lines[0].startswith("|"):
            found.append(lines.pop(0))
        new, bare = table(found, known[mark[1]])
        made += new
        wrong += ["table %s: %s has no words" % (mark[1], name) for name in bare]
    return "\n".join(made), wrong


def main():
    parser = argparse.ArgumentParser(description="Keep the tables in docs/ in line with the code.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    used, wrong = [], []
    try:
        known = facts()
        for path in sorted(DOCS.glob("*.md")):
            text, bare = rewritten(path.read_text(), known, used)
            wrong += ["docs/%s: %s" % (path.name, line) for line in bare]
            if text != path.read_text():
                wrong += ["docs/%s is not what the code says; run `make docs`" % path.name] if check else []
                check or path.write_text(text)
    except Wrong as error:
        wrong.append(error.args[0])
        known = {}
    wrong += ["no document has the table %s" % name for name in sorted(known) if name not in used]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
