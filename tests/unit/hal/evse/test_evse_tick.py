"""What a tick costs and tells."""

import gc

from evse_bench import Bench


def test_changed_is_set_by_every_observable_change():
    bench = Bench(lock=True)
    bench.run(200)
    changed = bench.evse.changed
    for act in (
            lambda: bench.show("B"), lambda: bench.evse.permit(True),
            lambda: bench.evse.limits.set("owner", 100), lambda: setattr(bench.evse.lock, "wanted", True),
            lambda: bench.show("C"),
            lambda: setattr(bench.devices, "leaking", True),
            lambda: setattr(bench.devices.report, "error", "WeakSignal")):
        changed.clear()
        bench.run(200)
        assert not changed.state
        act()
        bench.run(1500)
        assert changed.state


def test_an_idle_tick_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return
    for charging in (False, True):
        bench = Bench(lock=True)
        if charging:
            bench.evse.lock.wanted = True
            bench.charge()
        bench.run(200)
        tick = bench.evse.tick
        now = bench.now
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(50):
            now += 20
            tick(now)
        assert gc.mem_alloc() == before, charging
