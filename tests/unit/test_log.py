"""Lines of the log."""

import builtins

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


def test_an_unexpected_error_with_its_traceback():
    shown = []

    class Sys:
        @staticmethod
        def print_exception(error):
            shown.append(error)

    real, log.sys = log.sys, Sys
    error = ZeroDivisionError("why")
    try:
        with Console() as lines:
            log.configure("error", lambda: "now")
            log.exception("task failed", error)
    finally:
        log.sys = real
    assert shown == [error] and lines[0].startswith("now ERROR task failed: ZeroDivisionError(")
