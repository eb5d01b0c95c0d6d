"""Makes the devices of a connector from the wires of a board, real or simulated. Needed at the start only, so no object
that stays is of a class or a function in here."""

import memory

from hal.drivers.contactor import Contactor
from hal.drivers.connector_devices import ConnectorDevices
from hal.drivers.peak_pilot import GAIN_PERMILLE, ZERO_MV

_PARITY = {"even": 0, "odd": 1}  # as machine.UART has them
_MARGIN = 2  # no meter counts more than this times the power of the connector


def build(wires, number, config):
    """The devices of connector `number` (from 1) as a ConnectorDevices; `config` is its checked section of config.json.

    ValueError for what this board has not. Only what is fitted is imported.
    """
    suffix = "_%d" % number if number > 1 else ""
    devices = ConnectorDevices()
    second = wires.output("contactor_l2l3" + suffix) if config.get("phases", 3) == 3 else None
    feedback, switches = wires.sense("weld" + suffix, "up"), config.get("switches_phases", True)
    devices.contactor = Contactor(wires.output("contactor" + suffix), second, feedback, switches)
    devices.pilot = _pilot(wires, suffix, config.get("pilot", {}))
    devices.residual = _residual(wires, suffix) if config.get("residual", True) else devices
    devices.temperature = _temperature(wires, suffix, config.get("temperature", "ntc")) or devices
    if config.get("cable", "socket") == "socket":
        devices.proximity = driver("drivers.proximity.Proximity")(wires.analog("proximity" + suffix))
        devices.lock = _lock(wires, suffix, config.get("lock", True))
    try:
        devices.meter = _meter(wires, suffix, number, config)
    except ValueError as error:
        raise ValueError("connectors[%d].meter%s" % (number - 1, error))
    devices.report = wires.report(number) if hasattr(wires, "report") else devices
    return devices


def driver(path):
    """The class of the driver "file.Class" below hal. By text, for each name in code stays in memory for ever."""
    module, _, name = ("hal." + path).rpartition(".")
    return getattr(memory.load(module), name)


def _fields(section, names):
    return [section[name] for name in names.split()]


def _pilot(wires, suffix, config):
    pwm, high = wires.pwm("pilot" + suffix), wires.analog("pilot_high" + suffix)
    scale = config.get("zero_mv", ZERO_MV), config.get("gain_permille", GAIN_PERMILLE)
    if config.get("reading") == "sampled":
        return driver("drivers.sampled_pilot.SampledPilot")(pwm, high, *scale)
    return driver("drivers.peak_pilot.PeakPilot")(pwm, high, wires.analog("pilot_low" + suffix), *scale)


def _residual(wires, suffix):
    fault, test = wires.sense("residual" + suffix, "down"), wires.output("residual_test" + suffix)
    return driver("drivers.residual.ResidualMonitor")(fault, test)


def _temperature(wires, suffix, kind):
    """The sensor, or None; one without a suffix is that of all connectors."""
    if kind == "none":
        return None
    if kind == "ds18b20" and hasattr(wires, "ds18b20"):
        return wires.ds18b20()
    adc = wires.analog("ntc" + suffix) or wires.analog("ntc")
    return driver("drivers.temperature.Ntc")(adc) if adc else None


def _lock(wires, suffix, kind):
    if not kind:
        return None
    a, feedback = wires.output("lock_a" + suffix), wires.sense("lock_feedback" + suffix, "down")
    if kind == "solenoid":
        return driver("drivers.solenoid.SolenoidLock")(a, feedback)
    return driver("drivers.lock.MotorLock")(a, wires.output("lock_b" + suffix), feedback)


def _meter(wires, suffix, number, config):
    section = config.get("meter", {})
    kind = section.get("type", "sim")
    phases = config.get("phases", 3)
    max_w = config.get("max_current", 32) * phases * section.get("volts", 230) * _MARGIN
    if kind == "sim":
        return wires.meter(number, max_w)
    if kind == "none":
        return driver("meter.none.NoMeter")()
    if kind == "modbus":
        return _modbus(wires, section, phases, max_w)
    if kind == "pulse":
        counter = wires.counter("pulse" + suffix)
        rate, volts = _fields(section, "pulses_per_kwh volts")
        return driver("meter.pulse.PulseMeter")(counter, rate, max_w, phases, volts, counter.modulus)
    if kind == "ct":
        adcs = [wires.analog(name + suffix) for name in "ct ct_l2 ct_l3".split()[:phases]]
        return driver("meter.ct.CurrentTransformers")(adcs, *_fields(section, "ma_per_v volts hertz least_ma"), max_w)
    if kind == "cse7766":
        uart = wires.uart("meter" + suffix, 4800, _PARITY["even"])
        return driver("meter.cse7766.Cse7766")(uart, *_fields(section, "shunt_uohm"), max_w)
    if kind == "hlw8012":
        return _hlw8012(wires, suffix, section, max_w)
    raise ValueError('.type "%s" has no driver' % kind)


def _modbus(wires, section, phases, max_w):
    """A meter on the one bus of all; the first that needs it makes it."""
    model, own, address, baudrate, parity, volts = _fields(section, "model map address baudrate parity volts")
    try:
        requests = driver("meter.maps.custom")(own) if own else driver("meter.maps.named")(model)
    except ValueError as error:
        raise ValueError(".map: %s" % error)
    if not hasattr(wires, "bus"):
        uart = wires.uart("rs485", baudrate, _PARITY.get(parity))
        wires.bus = driver("meter.modbus.Bus")(uart, wires.output("rs485_de"))
    pause_ms = 0 if own else driver("meter.maps.PAUSES_MS").get(model, 0)
    return driver("meter.registers.RegisterMeter")(wires.bus, address, requests, phases, volts, max_w, pause_ms)


def _hlw8012(wires, suffix, section, max_w):
    cf, cf1, sel = [name + suffix for name in "cf cf1 sel ".split()]
    pulses, others = wires.counter(cf, True), wires.counter(cf1, True)
    if not (pulses and others):
        raise ValueError(".type is hlw8012, which needs the pulse counters of MicroPython v1.26 or later")
    *scales, bl0937 = _fields(section, "pulses_per_kwh ua_per_hz uv_per_hz bl0937")
    meter = driver("meter.hlw8012.Hlw8012")
    return meter(pulses, others, wires.output(sel), max_w, *scales, 0 if bl0937 else 1, pulses.modulus)
