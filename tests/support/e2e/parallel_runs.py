"""Several charge points in turmoil side by side, each with the next seed, and what came of it in words."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fault_injection import Turmoil


def live(make_csms, make_firmware, seeds, sessions, jobs, tell=lambda text: None):
    """`sessions` sessions for each of `seeds`, `jobs` charge points at a time, with a line to tell() now and then.
    Returns the lives; AssertionError with the seeds of those that went wrong."""
    lives = []
    for seed in seeds:
        csms = make_csms()
        lives.append(Turmoil(csms, make_firmware(csms), seed, sessions))
    with ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(_one, life) for life in lives]
        while not all(future.done() for future in running):
            time.sleep(0.5)
            tell(f"{_sessions(lives)} of {len(lives) * sessions} sessions, {_done_to(lives)}")
    wrong = [future.result() for future in running if future.result()]
    assert not wrong, "\n\n".join(wrong)
    return lives


def _one(life):
    """What went wrong in `life`, with its seed; None if nothing."""
    try:
        life.run()
        crashes = life.firmware.crashes()
        assert not crashes, "\n".join(crashes)
    except (AssertionError, OSError) as error:
        seed = f"SOAK_SEED={life.seed} SOAK_SESSIONS={life.sessions}"
        return f"seed {life.seed} (again: {seed} make soak): {error}\n{life.firmware.report()}\n{life.csms.report()}"
    finally:
        life.firmware.kill()
    return None


def _sessions(lives):
    return sum(len(life.seen) for life in lives)


def _done_to(lives):
    counts = sum((life.counts for life in lives), Counter())
    return (
        f"{counts['kills']} kills, {counts['cuts']} network cuts; {counts['late']} late answers, {counts['errors']}"
        f" CALLERRORs, {counts['silences']} unanswered, {counts['drops']} connections cut instead of an answer"
    )


def summary(lives):
    """What `lives` had to go through, and what they told, in one line."""
    entries = [entry for life in lives for entry in life.ledger.entries]
    sessions = [session for life in lives for session in life.ledger.sessions]
    reasons = Counter(session.stop.get("reason", "Local") for session in sessions)
    return (
        f"{len(sessions)} transactions ({', '.join(f'{count} {reason}' for reason, count in reasons.most_common())}; "
        f"{sum(-1 in session.ids for session in sessions)} without transactionId); {_done_to(lives)}; {len(entries)}"
        f" messages in {sum(len(entry.tries) for entry in entries)} tries; seeds {lives[0].seed} to {lives[-1].seed}"
    )
