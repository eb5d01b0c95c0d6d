"""Makes the devices of a connector from the wires of a board, real or simulated. Needed at the start only, so no object
that stays is of a class or a function in here."""

from .contactor import Contactor
from .fittings import Fittings
from .pilot_reader import GAIN_PERMILLE, ZERO_MV

_PARITY = {"even": 0, "odd": 1}  # as machine.UART has them
_MARGIN = 2  # no meter counts more than this times the power of the connector


def build(wires, number, config):
    """The devices of connector `number` (from 1) as a Fittings; `config` is its checked section of config.json.

    ValueError for what this board has not. Only what is fitted is imported.
    """
    suffix = "_%d" % number if number > 1 else ""
    devices = Fittings()
    second = wires.output("contactor_l2l3" + suffix) if config.get("phases", 3) == 3 else None
    devices.contactor = Contactor(wires.output("contactor" + suffix), second, wires.sense("weld" + suffix, "up"))
    devices.pilot = _pilot(wires, suffix, config.get("pilot", {}))
    devices.residual = _residual(wires, suffix) if config.get("residual", True) else devices
    devices.temperature = _temperature(wires, suffix, config.get("temperature", "ntc")) or devices
    if config.get("cable", "socket") == "socket":
        from .proximity import Proximity

        devices.proximity = Proximity(wires.analog("proximity" + suffix))
        devices.lock = _lock(wires, suffix, config.get("lock", True))
    try:
        devices.meter = _meter(wires, suffix, number, config)
    except ValueError as error:
        raise ValueError("connectors[%d].meter%s" % (number - 1, error))
    devices.report = wires.report(number) if hasattr(wires, "report") else devices
    return devices


def _pilot(wires, suffix, config):
    pwm, high = wires.pwm("pilot" + suffix), wires.analog("pilot_high" + suffix)
    scale = config.get("zero_mv", ZERO_MV), config.get("gain_permille", GAIN_PERMILLE)
    if config.get("reading") == "sampled":
        from .pilot_sampler import SampledPilot

        return SampledPilot(pwm, high, *scale)
    from .pilot_reader import PeakPilot

    return PeakPilot(pwm, high, wires.analog("pilot_low" + suffix), *scale)


def _residual(wires, suffix):
    from .residual import ResidualMonitor

    return ResidualMonitor(wires.sense("residual" + suffix, "down"), wires.output("residual_test" + suffix))


def _temperature(wires, suffix, kind):
    """The sensor, or None; one without a suffix is that of all connectors."""
    if kind == "none":
        return None
    if kind == "ds18b20" and hasattr(wires, "ds18b20"):
        return wires.ds18b20()
    from .temperature import Ntc

    adc = wires.analog("ntc" + suffix) or wires.analog("ntc")
    return Ntc(adc) if adc else None


def _lock(wires, suffix, kind):
    if not kind:
        return None
    a, feedback = wires.output("lock_a" + suffix), wires.sense("lock_feedback" + suffix, "down")
    if kind == "solenoid":
        from .solenoid import SolenoidLock

        return SolenoidLock(a, feedback)
    from .lock import MotorLock

    return MotorLock(a, wires.output("lock_b" + suffix), feedback)


def _meter(wires, suffix, number, config):
    section = config.get("meter", {})
    kind = section.get("type", "sim")
    phases = config.get("phases", 3)
    if kind == "sim":
        return wires.meter(number)
    if kind == "none":
        from .meter.none import NoMeter

        return NoMeter()
    if kind == "modbus":
        return _modbus(wires, section, phases)
    max_w = config.get("max_current", 32) * phases * section.get("volts", 230) * _MARGIN
    if kind == "pulse":
        from .meter.pulse import PulseMeter

        counter = wires.counter("pulse" + suffix)
        return PulseMeter(counter, section["pulses_per_kwh"], max_w, phases, section["volts"], counter.modulus)
    if kind == "ct":
        from .meter.ct import CurrentTransformers

        adcs = [wires.analog(name + suffix) for name in ("ct", "ct_l2", "ct_l3")[:phases]]
        return CurrentTransformers(adcs, section["ma_per_v"], section["volts"], section["hertz"], section["least_ma"])
    if kind == "cse7766":
        from .meter.cse7766 import Cse7766

        return Cse7766(wires.uart("meter" + suffix, 4800, _PARITY["even"]), section["shunt_uohm"], max_w)
    return _hlw8012(wires, suffix, section, max_w)


def _modbus(wires, section, phases):
    """A meter on the one bus of all; the first that needs it makes it."""
    from .meter import maps
    from .meter.registers import RegisterMeter

    try:
        requests = maps.custom(section["map"]) if section["map"] else maps.named(section["model"])
    except ValueError as error:
        raise ValueError(".map: %s" % error)
    if not hasattr(wires, "bus"):
        from .meter.modbus import Bus

        uart = wires.uart("rs485", section["baudrate"], _PARITY.get(section["parity"]))
        wires.bus = Bus(uart, wires.output("rs485_de"))
    return RegisterMeter(wires.bus, section["address"], requests, phases, section["volts"])


def _hlw8012(wires, suffix, section, max_w):
    from .meter.hlw8012 import Hlw8012

    cf, cf1 = wires.counter("cf" + suffix, True), wires.counter("cf1" + suffix, True)
    if not (cf and cf1):
        raise ValueError(".type is hlw8012, which needs the pulse counters of MicroPython v1.26 or later")
    scales = section["pulses_per_kwh"], section["ua_per_hz"], section["uv_per_hz"]
    return Hlw8012(cf, cf1, wires.output("sel" + suffix), max_w, *scales, 0 if section["bl0937"] else 1, cf.modulus)
