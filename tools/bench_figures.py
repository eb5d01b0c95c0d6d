"""The benchmark's arithmetic and its table."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

_SAME_RATE = 0.1
_EXPLANATION = """\
"CPU per answer" decides: the processor's time for an answer, which other work of this machine does not lengthen, less
that of a peer that answers with ready-made bytes; where the system does not tell it, "answer" does: the mean round trip
of a round less that peer's, %.3f ms of harness and kernel. Both count garbage collections, which a median hides. The
reference keeps keys in memory, so a change that upoint writes to disk is shown without a verdict. upoint runs in
MicroPython's own heap, not in the small one of the end-to-end tests. Ratios are medians of the rounds
(least..greatest)."""


@dataclass
class Batch:
    """CALLs of one action to one peer in one round: round trips, CPU time of its process or None, in s."""

    times: list
    cpu: float | None

    @property
    def trip(self):
        """Mean round trip in s."""
        return mean(self.times)

    @property
    def cpu_per_answer(self):
        """CPU time per answer in s, or None."""
        return None if self.cpu is None else self.cpu / len(self.times)


def ratios(slow, fast):
    """Round by round, how many times as fast; a time of 0 or less counts as 1 ns."""
    return [a / max(b, 1e-9) for a, b in zip(slow, fast, strict=True)]


def answers(batches, floor):
    """Per round the mean time in s that the peer itself took for an answer."""
    return [batch.trip - zero.trip for batch, zero in zip(batches, floor, strict=True)]


def processor(batches, floor):
    """Per round the CPU time in s that the peer itself took for an answer; None where the system does not tell."""
    pairs = [(batch.cpu_per_answer, zero.cpu_per_answer) for batch, zero in zip(batches, floor, strict=True)]
    return None if any(None in pair for pair in pairs) else [own - zero for own, zero in pairs]


def _line(name, ours, theirs, scale=1e3, form="%10.3f"):
    """One line of the table from figures in s per round."""
    found = ratios(theirs, ours)
    shown = (name, form % (median(ours) * scale), form % (median(theirs) * scale), median(found),
             min(found), max(found))
    return "  %-24s %s   %s   %7.1f   (%.1f..%.1f)" % shown


def compare(title, ours, theirs, floor, wanted):
    """Compare the Batches of one action; returns (whether wanted times as fast, lines of the table)."""
    answer = answers(ours, floor), answers(theirs, floor)
    cpu = processor(ours, floor), processor(theirs, floor)
    deciding = answer if None in cpu else cpu
    met = wanted is None or median(ratios(deciding[1], deciding[0])) >= wanted
    verdict = "" if wanted is None else ": wanted %d times as fast: %s" % (wanted, "met" if met else "missed")
    lines = [title + verdict,
             _line("answer, ms", *answer),
             _line("round trip, mean, ms", [b.trip for b in ours], [b.trip for b in theirs]),
             _line("round trip, median, ms", *([median(b.times) for b in side] for side in (ours, theirs)))]
    if None not in cpu:
        lines.append(_line("CPU per answer, ms", *cpu))
    return met, lines


def compare_loop(title, figures, wanted):
    """Compare {"plain_us": [..], "viper_us": [..]}; returns (whether wanted times as fast, lines)."""
    fast, slow = figures["viper_us"], figures["plain_us"]
    met = median(ratios(slow, fast)) >= wanted
    return met, ["%s: wanted %d times as fast as a Python loop under MicroPython: %s"
                 % (title, wanted, "met" if met else "missed"),
                 _line("us", fast, slow, 1, "%10.2f")]


def judge_ticks(runs, wanted_ms):
    """(whether the ticks are in time, lines) of what bench_tick.measure() gave for each of `runs`. What this machine
    makes an idle process late at the same time is taken off, and the best run counts."""
    met = min(run["tick_max_ms"] - run["idle_max_ms"] for run in runs) < wanted_ms
    worst, idle = (", ".join(str(run[name]) for run in runs) for name in ("tick_max_ms", "idle_max_ms"))
    return met, ["tick lateness with a session, the page open and %d CALLs/s: wanted less than %d ms over an idle "
                 "process: %s" % (runs[0]["calls"] / runs[0]["seconds"] + 0.5, wanted_ms, "met" if met else "missed"),
                 "  worst, ms                %s   (each of %d s, from the start on; %d CALLs, page read %d times)"
                 % (worst, runs[0]["seconds"], sum(run["calls"] for run in runs), sum(run["polls"] for run in runs)),
                 "  of an idle process       %s" % idle]


def _in_loops(figures):
    """(median, greatest) of the times, each in plain loops of 1000 rounds that were timed right beside it."""
    times = [us / max(loop, 1) for us, loop in zip(figures["us"], figures["loop_us"], strict=True)]
    return median(times), max(times)


def judge_list(figures, wanted):
    """(whether a look-up is fast enough, lines) of what bench_list.py prints; `wanted` plain loops at most."""
    usual, worst = _in_loops(figures)
    met = worst < wanted
    return met, ["look-up among %d of the local authorization list: wanted in the time of %d plain loops of 1000: %s"
                 % (figures["entries"], wanted, "met" if met else "missed"),
                 "  median, loops            %.1f   (worst %.1f; median %.3f ms; at most %d bytes of flash are read)"
                 % (usual, worst, median(figures["us"]) / 1000, figures["bytes"])]


def judge_composite(figures, wanted):
    """(whether GetCompositeSchedule is fast enough, lines) of what bench_composite.py prints; `wanted` as above, and
    what is usual counts, as the machine's other work makes one of them late."""
    usual, worst = _in_loops(figures)
    met = usual < wanted
    return met, ["GetCompositeSchedule over 24 h with %d profiles of 24 periods: wanted in the time of %d plain loops "
                 "of 1000: %s" % (figures["profiles"], wanted, "met" if met else "missed"),
                 "  median, loops            %.1f   (worst %.1f; median %.3f ms; %d periods in %d bytes, in 96wK)"
                 % (usual, worst, median(figures["us"]) / 1000, figures["periods"], figures["kept"])]


def _window(registers, since, until):
    """(longest time in s between two of the MeterValues that came then, Wh a second between the first and the last)."""
    found = [pair for pair in registers if since <= pair[0] <= until]
    if len(found) < 2:
        return until - since, 0.0
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(found)]
    return max(gaps), (found[-1][1] - found[0][1]) / (found[-1][0] - found[0][0])


def judge_transfer(run, wanted_ms):
    """(whether a session goes on as usual, lines) of what bench_transfer.measure() gives: the tick in time as above,
    MeterValues no more than a second later than before, energy counted at the same rate, one start and one stop."""
    begun, arrived, registers = run["begun"], run["arrived"], run["registers"]
    gap_before, rate_before = _window(registers, registers[0][0] if registers else begun, begun)
    gap, rate = _window(registers, begun, arrived)
    readings = run["starts"][:1] + [reading for _, reading in registers] + run["stops"][:1]
    billed = len(run["starts"]) == len(run["stops"]) == 1 and readings == sorted(readings)
    steady = rate_before > 0 and abs(rate - rate_before) <= _SAME_RATE * rate_before
    met = run["tick_max_ms"] - run["idle_max_ms"] < wanted_ms and gap <= gap_before + 1 and billed and steady
    return met, ["a session while a signed package of %d bytes comes in %.1f s: wanted less than %d ms over an idle "
                 "process, meter values and bill as usual: %s"
                 % (run["bytes"], arrived - begun, wanted_ms, "met" if met else "missed"),
                 "  tick late, worst, ms     %d   (of an idle process %d; page read %d times)"
                 % (run["tick_max_ms"], run["idle_max_ms"], run["polls"]),
                 "  MeterValues, s apart     %.1f   (before %.1f); Wh a second %.2f (before %.2f)"
                 % (gap, gap_before, rate, rate_before),
                 "  bill, Wh                 started at %s, stopped at %s" % (run["starts"], run["stops"]),
                 "  heap, bytes free         %d after (%d before), least %s; words of this PC are twice a board's"
                 % (run["free_after"], run["free_before"], run["least"])]


def head():
    """The table's first line."""
    return "  %-24s %10s   %10s   %7s" % ("", "upoint", "reference", "ratio")


def explanation(floor):
    """Why the figure that decides decides; floor: all Batches of the peer that does nothing."""
    return _EXPLANATION % (median(batch.trip for batch in floor) * 1e3)
