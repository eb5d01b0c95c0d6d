"""Lines of the log."""

import builtins
import json

from ocpp import log


class Console:
    """What is printed while it is open."""

    def __enter__(self):
        self.lines = []
        log.print = lambda *words: self.lines.append(" ".join([str(word) for word in words]))
        return self.lines

    def __exit__(self, *error):
        log.print = builtins.print
        log.configure("info")


class Costly:
    """Says when it is made into text."""

    made = 0

    def __str__(self):
        self.made += 1
        return "text"


def test_what_lies_below_the_level_is_not_shown_nor_made():
    names = ("debug", "info", "warning", "error")
    for place, level in enumerate(names):
        costly = Costly()
        with Console() as lines:
            log.configure(level, lambda: "now")
            for name in names:
                getattr(log, name)("%s is", costly)
        assert lines == ["now %s text is" % name.upper() for name in names[place:]]
        assert costly.made == len(lines)


def test_a_text_without_arguments_is_shown_as_it_is():
    with Console() as lines:
        log.configure("info", lambda: "now")
        log.info("100 %s")
    assert lines == ["now INFO 100 %s"]


def test_before_there_is_a_clock_the_ticks_are_shown():
    with Console() as lines:
        log.configure("info")
        log.info("x")
    assert lines[0].split()[0].isdigit() and lines[0].endswith(" INFO x")


def shown(text, *args):
    """The one line that log.info() prints, without its time and level."""
    with Console() as lines:
        log.configure("info", lambda: "now")
        log.info(text, *args)
    assert len(lines) == 1 and lines[0].startswith("now INFO "), lines
    return lines[0][9:]


def test_line_ends_and_control_characters_of_a_peer_are_escaped():
    """No peer can begin a line of its own, colour the terminal, hide a text or turn its direction."""
    assert shown("id %s", "a\nnow ERROR forged") == "id a\\nnow ERROR forged"
    assert shown("id %s", "a\r\n\tb") == "id a\\r\\n\\tb"
    assert shown("id %s", "\x1b[2J\x00\x7f\x9b") == "id \\x1b[2J\\x00\\x7f\\x9b"
    assert shown("id %s", "\u2028\u2029\u202e\u2066\u200b\ufeff") == (
        "id \\u2028\\u2029\\u202e\\u2066\\u200b\\ufeff"
    )
    assert shown("id\n") == "id\\n"


def test_what_is_readable_is_left_as_it_is():
    assert shown("%s", "S\u00e4ule \u20ac 5, \\n, \U0001f50c") == "S\u00e4ule \u20ac 5, \\n, \U0001f50c"


def test_half_a_surrogate_pair_is_escaped():
    """JSON may hold one ("\\ud800"); on the console it would not be UTF-8."""
    assert shown("%s", json.loads('"a\\ud800b"')) == "a\\ud800b"


def test_each_line_has_a_bound():
    for text in ("x" * 8192, "\n" * 8192, "\x00" * 8192, "\u20ac" * 3000, "x" * 601):
        line = shown("%s", text)
        assert len(line) <= 640, len(line)
        assert line.endswith("... (%d characters)" % len(text)), line[-40:]
    assert shown("%s", "x" * 599) == "x" * 599


def failure(text, depth=0):
    """A ZeroDivisionError(`text`) that was raised `depth` calls further down."""
    def fall(left):
        if left:
            fall(left - 1)
        raise ZeroDivisionError(text)

    try:
        fall(depth)
    except ZeroDivisionError as error:
        return error


def test_an_unexpected_error_with_its_traceback():
    with Console() as lines:
        log.configure("error", lambda: "now")
        log.exception("task failed", failure("why"))
    assert lines[0].startswith("now ERROR task failed: ZeroDivisionError(")
    assert lines[1] == "    Traceback (most recent call last):"
    assert "test_log.py" in lines[2] and lines[-1] == "    ZeroDivisionError: why"


def test_the_text_of_an_error_cannot_forge_a_line():
    """Its text may come from a peer; each line of a traceback is indented, and the text is one of them."""
    with Console() as lines:
        log.configure("error", lambda: "now")
        log.exception("task failed", failure('why\nnow ERROR forged\n  File "x", line 1\n\x1b[2J'))
    assert "\n" not in "".join(lines) and "\x1b" not in "".join(lines)
    assert all([line.startswith("    ") for line in lines[1:]])
    assert lines[-1] == '    ZeroDivisionError: why\\nnow ERROR forged\\n  File "x", line 1\\n\\x1b[2J'


def test_a_traceback_has_a_bound():
    with Console() as lines:
        log.configure("error", lambda: "now")
        log.exception("task failed", failure("x" * 8192, 60))
    assert len(lines) <= 30 and max([len(line) for line in lines]) < 700
    assert "Traceback" in lines[1] and lines[-1].startswith("    ZeroDivisionError: xxx")


class NoMemoryForText:
    """Has no memory to be made into text, `times` times."""

    def __init__(self, times):
        self.times = times

    def __str__(self):
        self.times -= 1
        if self.times >= 0:
            raise MemoryError
        return "text"


def test_a_line_that_there_is_no_memory_for_ends_nothing():
    def no_memory():
        raise MemoryError

    with Console() as lines:
        log.configure("info", no_memory)
        log.warning("a %s", "line")
        log.configure("info", lambda: "now")
        log.warning("a %s", NoMemoryForText(1))
        log.warning("a %s", NoMemoryForText(2))
    assert lines[0].endswith("WARNING a line") and lines[1].endswith("WARNING a text")
    assert lines[2:] == ["no memory for a line of the log"]
