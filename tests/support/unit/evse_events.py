"""What may happen to a connector of evse_world.World: each event is a function of the world and of an integer from 0
to 255, which says how it happens."""

SLOTS = ("board", "profile", "owner")
LIMITS = (None, 0, 59, 60, 61, 100, 161, 320, 521, 800)
HEAT = (None, 0, 25, 59, 64, 65, 69, 70, 74, 75, 90)
CABLES = (None, 0, 130, 200, 320, 320, 630)
CURRENTS = ([0, 0, 0], [5, 5, 5], [160, 160, 160], [160, 160, 160], [0, 0, 900], [])


def level(world, value):
    world.level = "BCCCCDAEFBCC"[value % 12]


def noise(world, value):
    world.noise = value % 12


def permit(world, value):
    world.evse.permit(value % 4 > 0)


def limit(world, value):
    slot = SLOTS[value % 3]
    world.limits[slot] = LIMITS[value // 3 % len(LIMITS)]
    world.evse.limits.set(slot, world.limits[slot])


def leak(world, value):
    world.devices.leaking = value % 2 > 0


def lock(world, value):
    if value % 4 < 2:
        world.evse.lock.wanted = value % 4 > 0
    else:
        world.lock.stuck = value % 4 == 3
        world.lock.closed = world.lock.closed and value % 8 < 4


def cable(world, value):
    world.devices.cable = CABLES[value % len(CABLES)]


def heat(world, value):
    world.devices.degrees = HEAT[value % len(HEAT)]


def meter(world, value):
    meter = world.devices.meter
    meter.ok = value % 5 > 0
    meter.currents = CURRENTS[value // 5 % len(CURRENTS)]
    meter.voltages = ([2300, 2300, 2300], [2300, 2700, 2300], [], [2300])[value // 30 % 4]


def report(world, value):
    world.devices.report.error = (None, "OtherError", "WeakSignal")[value % 3]


def weld(world, value):
    world.relay.stuck = value % 2 > 0


def diode(world, value):
    world.pilot.diode = value % 2 > 0


def reset(world, value):
    world.latched = False
    if value % 2:
        world.evse.faults.reset_wanted = True
    else:
        world.devices.report.reset = True


def crash(world, value):
    world.devices.broken = True


def phases(world, value):
    world.wished = 1 if value % 2 else 3
    world.evse.limits.set_phases(world.wished)


def pause(world, value):
    world.evse.limits.pause(value * 20)


def wait(world, value):
    world.run(value % 64, 100 if value < 128 else 5000)


def late(world, value):
    world.late = value * 3


def monitor(world, value):
    world.devices.result = (True, None, False)[value % 3]


def jitter(world, value):
    world.jitter = (value % 129 - 64) * 15


def blind(world, value):
    world.blind = value % 2 > 0


def skip(world, value):
    world.skips = value % 2 > 0


def good(world, value):
    """Everything is well again, and a car asks for energy."""
    devices = world.devices
    devices.leaking = world.relay.stuck = world.lock.stuck = world.blind = False
    devices.report.error, devices.degrees, devices.cable, devices.result = None, 25, 320, True
    world.pilot.diode = devices.meter.ok = True
    devices.meter.currents, devices.meter.voltages = CURRENTS[2], [2300, 2300, 2300]
    if not world.relay.wanted:
        world.relay.closed = False
    world.evse.lock.wanted = True
    world.evse.permit(True)
    for slot in SLOTS:
        limit(world, SLOTS.index(slot))
    level(world, 0)
    world.run(4, 100)
    reset(world, 1)
    level(world, 1)
    world.run(14, 100)


# Some are more likely than others.
EVENTS = (
    level, level, noise, permit, limit, leak, lock, cable, heat, meter, report, weld, diode, reset, crash, phases,
    pause, wait, late, monitor, jitter, good, good, blind, skip,
)
