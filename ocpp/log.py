"""One line a message on the console; %-formatting happens only when the line is shown.

Lines hold texts of peers: ids, actions, close reasons, HTTP status lines. Here, and nowhere else, control characters
are escaped and lines are cut, so that no peer can forge a line, write on the owner's terminal or fill the disk.
"""

import io
import sys
import time

from micropython import const

_LEVELS = ("debug", "info", "warning", "error")
_LONGEST = const(600)  # characters of a message
_MAX_FRAMES = const(24)  # lines of a traceback
_threshold = 1
_stamp = None


def configure(level, stamp=None):
    """Show `level` ("debug", "info", "warning", "error") and above; `stamp()` gives each line its time as text."""
    global _threshold, _stamp
    _threshold = _LEVELS.index(level)
    _stamp = stamp


def one_line(text):
    """`text` as one line of at most 600 characters and its length if it is cut; control characters are escaped."""
    shown = text[:_LONGEST]
    for character in shown:
        if not " " <= character <= "~":
            shown = _escaped(shown)[:_LONGEST]
            break
    return shown if len(text) <= _LONGEST and len(shown) < _LONGEST else "%s... (%d characters)" % (shown, len(text))


def _escaped(text):
    """`text` with escapes, as far as one line goes; in pieces, for each character by itself would take much memory."""
    pieces, begun, size = [], 0, 0
    for at, character in enumerate(text):
        escape = None if " " <= character <= "~" else _escape(character)
        if escape:
            pieces.append(text[begun:at] + escape)
            begun = at + 1
            size += len(pieces[-1])
            if size > _LONGEST:
                break
    return "".join(pieces) + text[begun:]


def _escape(character):
    """What stands for `character` in a line, None if it may be there itself."""
    code = ord(character)
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if code < 32 or 127 <= code < 160:
        return "\\x%02x" % code
    # Line ends, invisible characters and changes of direction of Unicode; halves of a surrogate pair are not UTF-8.
    if 0x200B <= code <= 0x200F or 0x2028 <= code <= 0x202E or 0x2060 <= code <= 0x206F or code == 0xFEFF:
        return "\\u%04x" % code
    return "\\u%04x" % code if 0xD800 <= code < 0xE000 else None


def _write(level, text, args):
    if level < _threshold:
        return
    for stamp in (_stamp, None):
        try:
            when = stamp() if stamp else "%d" % time.ticks_ms()
            print(when, _LEVELS[level].upper(), one_line(text % args if args else text))
            return
        except MemoryError:
            pass  # a line of the log must not end what it is about
    print("no memory for a line of the log")


def debug(text, *args):
    _write(0, text, args)


def info(text, *args):
    _write(1, text, args)


def warning(text, *args):
    _write(2, text, args)


def error(text, *args):
    _write(3, text, args)


def exception(text, error):
    """Log an unexpected `error` with its traceback, whose lines are indented."""
    _write(3, "%s: %r", (text, error))
    if isinstance(error, MemoryError):
        sys.print_exception(error)  # takes no memory, and the text is the interpreter's own
        return
    try:
        for line in _traceback(error):
            print("   ", line)
    except MemoryError:
        print("    no memory for the traceback")


def _traceback(error):
    """The lines of the traceback of `error`, the last of them with its text, which may hold line ends."""
    output = io.StringIO()
    sys.print_exception(error, output)
    lines = output.getvalue().strip().split("\n")
    frames = 0
    while frames < len(lines) - 1 and (lines[frames][:1] == " " or lines[frames][:9] == "Traceback"):
        frames += 1
    kept = lines[:1] + lines[max(1, frames - _MAX_FRAMES) : frames] if frames else []
    return [one_line(line) for line in kept + ["\n".join(lines[frames:])]]
