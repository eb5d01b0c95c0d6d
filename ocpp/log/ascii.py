"""Texts of a peer and tracebacks, made fit for the log; loaded when there is one."""

import io
import sys

from micropython import const

import names

_MAX_FRAMES = const(24)  # lines of a traceback


def escaped(text, longest):
    """`text` with control characters escaped, as far as `longest` characters go.

    In pieces: each character by itself would take much memory."""
    pieces, begun, size = [], 0, 0
    for at, character in enumerate(text):
        escape = None if " " <= character <= "~" else _escape(character)
        if escape:
            pieces.append(text[begun:at] + escape)
            begun = at + 1
            size += len(pieces[-1])
            if size > longest:
                break
    return "".join(pieces) + text[begun:]


def _escape(character):
    """The escape for `character` in a line, None if it needs none."""
    code = ord(character)
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if code < 32 or 127 <= code < 160:
        return "\\x%02x" % code
    # Line ends, invisible characters and changes of direction of Unicode; halves of a surrogate pair are not UTF-8.
    if 0x200B <= code <= 0x200F or 0x2028 <= code <= 0x202E or 0x2060 <= code <= 0x206F or code == 0xFEFF:
        return "\\u%04x" % code
    return "\\u%04x" % code if 0xD800 <= code < 0xE000 else None


def traceback(error):
    """The lines of the traceback of `error`, the last of them with its text, which may hold line ends."""
    output = io.StringIO()
    sys.print_exception(error, output)
    lines = output.getvalue().strip()
    lines = (lines if isinstance(error, OSError) else names.original(lines)).split("\n")
    frames = 0
    while frames < len(lines) - 1 and (lines[frames][:1] == " " or lines[frames][:9] == "Traceback"):
        frames += 1
    kept = lines[:1] + lines[max(1, frames - _MAX_FRAMES) : frames] if frames else []
    return kept + ["\n".join(lines[frames:])]
