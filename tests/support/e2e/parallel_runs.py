"""Several charge points under fault injection side by side, each with the next seed, and what came of it in words."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fault_injection import FaultInjection


def live(make_csms, make_firmware, seeds, sessions, jobs, tell=lambda text: None):
    """`sessions` sessions for each of `seeds`, `jobs` charge points at a time, with a line to tell() now and then.
    Returns the runs; AssertionError with the seeds of those that went wrong."""
    runs = []
    for seed in seeds:
        csms = make_csms()
        runs.append(FaultInjection(csms, make_firmware(csms), seed, sessions))
    with ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(_one, injection) for injection in runs]
        while not all(future.done() for future in running):
            time.sleep(0.5)
            tell(f"{_sessions(runs)} of {len(runs) * sessions} sessions, {_done_to(runs)}")
    wrong = [future.result() for future in running if future.result()]
    assert not wrong, "\n\n".join(wrong)
    return runs


def _one(injection):
    """What went wrong in `injection`, with its seed; None if nothing."""
    try:
        injection.run()
        crashes = injection.firmware.crashes()
        assert not crashes, "\n".join(crashes)
    except (AssertionError, OSError) as error:
        seed = f"SOAK_SEED={injection.seed} SOAK_SESSIONS={injection.sessions}"
        reports = f"{injection.firmware.report()}\n{injection.csms.report()}"
        return f"seed {injection.seed} (again: {seed} make soak): {error}\n{reports}"
    finally:
        injection.firmware.kill()
    return None


def _sessions(runs):
    return sum(len(injection.seen) for injection in runs)


def _done_to(runs):
    counts = sum((injection.counts for injection in runs), Counter())
    return (
        f"{counts['kills']} kills, {counts['cuts']} network cuts; {counts['late']} late answers, {counts['errors']}"
        f" CALLERRORs, {counts['silences']} unanswered, {counts['drops']} connections cut instead of an answer"
    )


def summary(runs):
    """What `runs` had to go through, and what they reported, in one line."""
    entries = [entry for injection in runs for entry in injection.ledger.entries]
    sessions = [session for injection in runs for session in injection.ledger.sessions]
    reasons = Counter(session.stop.get("reason", "Local") for session in sessions)
    return (
        f"{len(sessions)} transactions ({', '.join(f'{count} {reason}' for reason, count in reasons.most_common())}; "
        f"{sum(-1 in session.ids for session in sessions)} without transactionId); {_done_to(runs)}; {len(entries)}"
        f" messages in {sum(len(entry.tries) for entry in entries)} tries; seeds {runs[0].seed} to {runs[-1].seed}"
    )
