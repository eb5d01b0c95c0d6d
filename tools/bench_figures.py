"""The benchmark's arithmetic and its table."""

from dataclasses import dataclass
from statistics import mean, median

_EXPLANATION = """\
"answer" decides: the mean round trip of a round less that of a peer that answers with ready-made bytes,
%.3f ms of harness and kernel; it counts garbage collections, which a median hides. The reference keeps keys in
memory, so a change that upoint writes to disk is shown without a verdict. upoint runs in MicroPython's own heap, not
in the small one of the end-to-end tests. Ratios are medians of the rounds (least..greatest)."""


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


def _line(name, ours, theirs, scale=1e3, form="%10.3f"):
    """One line of the table from figures in s per round."""
    found = ratios(theirs, ours)
    shown = (name, form % (median(ours) * scale), form % (median(theirs) * scale), median(found),
             min(found), max(found))
    return "  %-24s %s   %s   %7.1f   (%.1f..%.1f)" % shown


def compare(title, ours, theirs, floor, wanted):
    """Compare the Batches of one action; returns (whether wanted times as fast, lines of the table)."""
    answer = answers(ours, floor), answers(theirs, floor)
    met = wanted is None or median(ratios(answer[1], answer[0])) >= wanted
    verdict = "" if wanted is None else ": wanted %d times as fast: %s" % (wanted, "met" if met else "missed")
    lines = [title + verdict,
             _line("answer, ms", *answer),
             _line("round trip, mean, ms", [b.trip for b in ours], [b.trip for b in theirs]),
             _line("round trip, median, ms", *([median(b.times) for b in side] for side in (ours, theirs)))]
    cpu = [b.cpu_per_answer for b in ours], [b.cpu_per_answer for b in theirs]
    if None not in cpu[0] + cpu[1]:
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
    """(whether the ticks are in time, lines) of what bench_tick.measure() gave for each of `runs`: the best counts, for
    what else this machine does makes ticks late too."""
    worst = [run["tick_max_ms"] for run in runs]
    met = min(worst) < wanted_ms
    return met, ["tick lateness with a session, the page open and %d CALLs/s: wanted below %d ms: %s"
                 % (runs[0]["calls"] / runs[0]["seconds"] + 0.5, wanted_ms, "met" if met else "missed"),
                 "  worst, ms                %s   (each of %d s, from the start on; %d CALLs, page read %d times)"
                 % (", ".join(str(value) for value in worst), runs[0]["seconds"], sum(run["calls"] for run in runs),
                    sum(run["polls"] for run in runs))]


def judge_list(figures, wanted_ms):
    """(whether a look-up is fast enough, lines) of what bench_list.py prints."""
    worst = max(figures["us"]) / 1000
    met = worst < wanted_ms
    return met, ["look-up among %d of the local authorization list: wanted below %d ms: %s"
                 % (figures["entries"], wanted_ms, "met" if met else "missed"),
                 "  median, ms               %.3f   (worst %.3f; at most %d bytes of flash are read)"
                 % (median(figures["us"]) / 1000, worst, figures["bytes"])]


def judge_composite(figures, wanted_ms):
    """(whether GetCompositeSchedule is fast enough, lines) of what bench_composite.py prints."""
    worst = max(figures["us"]) / 1000
    met = worst < wanted_ms
    return met, ["GetCompositeSchedule over 24 h with %d profiles of 24 periods: wanted below %d ms: %s"
                 % (figures["profiles"], wanted_ms, "met" if met else "missed"),
                 "  median, ms               %.3f   (worst %.3f; %d periods in %d bytes, in a heap of 96wK)"
                 % (median(figures["us"]) / 1000, worst, figures["periods"], figures["kept"])]


def head():
    """The table's first line."""
    return "  %-24s %10s   %10s   %7s" % ("", "upoint", "reference", "ratio")


def explanation(floor):
    """Why the figure that decides decides; floor: all Batches of the peer that does nothing."""
    return _EXPLANATION % (median(batch.trip for batch in floor) * 1e3)
