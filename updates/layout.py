"""The layout of the store: which records there are, and what is in them, as far as versions differ in that.

A version whose records an older one could not read has a number more in LAYOUT, and a step that changes them, up and
down. So that the old version can always be returned to:

- A new version reads the layout before its own too, and changes nothing while it is on trial: startup() runs the steps
  up when it starts without a trial.
- Before an older version is installed, its package says which layout it reads, and prepare() runs the steps down; the
  running version reads that one as well if the trial fails.

A step may be cut off anywhere and is run again then, so it must be harmless to what it has changed already.
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
    if steps and store.load(RECORD, 1) > layout:
        _migrate(store, layout, steps)


def _migrate(store, layout, steps):
    now = store.load(RECORD, 1)
    while now != layout:
        up = now < layout
        step = steps[now - 1][0] if up else steps[now - 2][1]
        step(store)
        now += 1 if up else -1
        store.save(RECORD, now)
