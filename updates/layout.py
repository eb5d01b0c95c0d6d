"""The layout of the store: which records there are, and what is in them, as far as versions differ in that.

A version whose records an older one could not read has a number more in LAYOUT, and a step that changes them, up and
down. So that the old version can always be returned to:

- A new version reads the layout before its own too, and changes nothing while it is on trial: startup() runs the steps
  up when it starts without a trial.
- Before an older version is installed, its package says which layout it reads, and prepare() runs the steps down; the
  running version reads that one as well if the trial fails.

A step may be cut off anywhere. It is run again then, before anything else, so it must be harmless to what it has
changed already. The record has the number of the layout; [from, to] while a step runs.
"""

LAYOUT = 1  # also in the head of each package: tools/build.py reads it here
STEPS = ()  # (up, down), functions of the store: the first from layout 1 to 2 and back, and so on
RECORD = "layout"


def startup(store, on_trial, layout=LAYOUT, steps=STEPS):
    """Bring `store` to the layout of this version, unless it is on trial. Costs nothing while there is one layout."""
    if steps and not on_trial:
        _migrate(store, layout, steps)


def prepare(store, layout, steps=STEPS):
    """Before a version is installed that reads `layout` at most (the head of its package has it)."""
    if steps and _newest(store.load(RECORD, 1)) > layout:
        _migrate(store, layout, steps)


def _newest(now):
    return max(now) if isinstance(now, list) else now


def _migrate(store, layout, steps):
    now = store.load(RECORD, 1)
    if isinstance(now, list):
        now = _step(store, now[0], now[1], steps)
    while now != layout:
        now = _step(store, now, now + 1 if now < layout else now - 1, steps)


def _step(store, now, to, steps):
    store.save(RECORD, [now, to])
    up, down = steps[min(now, to) - 1]
    (up if now < to else down)(store)
    store.save(RECORD, to)
    return to
