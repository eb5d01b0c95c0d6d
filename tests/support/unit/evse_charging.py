"""An Evse with a car that asks for energy, about to charge or charging."""

from evse_bench import Bench

CLOSE_MS = 3000


def ready(**options):
    """A car that asks for energy, and everything but the permission."""
    bench = Bench("B", lock=True, **options)
    bench.run(500)
    bench.evse.lock.wanted = True
    bench.run(1500)
    bench.show("C")
    bench.run(1000)
    return bench


def charging():
    bench = ready()
    bench.evse.permit(True)
    bench.run(CLOSE_MS)
    assert bench.devices.contactor.closed
    bench.meter.currents[:] = [160, 160, 160]
    return bench


def crash(bench):
    try:
        raise OSError
    except OSError:
        bench.evse.crashed()
