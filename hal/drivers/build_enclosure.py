"""Makes what the box has on its outside, as the section board of config.json says. Needed at the start only, so no
object that stays is of a class or a function in here."""

from hal.drivers.build_connector import driver


def reader(wires, kind):
    """The card reader, or None."""
    if kind == "none":
        return None
    if kind == "mfrc522":
        return driver("card.mfrc522.Mfrc522")(wires.spi(), wires.output("reader_cs"))
    if kind == "pn532-uart":
        return driver("card.pn532.Pn532")(driver("card.pn532.Uart")(wires.uart("reader", 115200)))
    if kind == "pn532-i2c":
        return driver("card.pn532.Pn532")(driver("card.pn532.I2c")(wires.i2c()))
    lines = [wires.sense(name, "up") for name in "wiegand_d0 wiegand_d1".split()]
    return driver("card.wiegand.Wiegand")(*lines, None, kind == "wiegand-reversed")


def indicator(wires, number, section):
    """The light of connector `number`, or None."""
    suffix = "_%d" % number if number > 1 else ""
    if section["type"] == "pixels":
        strip = wires.pixels("led" + suffix, section["pixels"])
        if strip:
            return driver("drivers.indicator.Pixels")(strip, section["brightness"])
    elif section["type"] == "leds":
        lights = [wires.output(name + suffix) for name in "led_red led_green led_blue".split()]
        if lights[0]:
            return driver("drivers.indicator.Leds")(*lights)
    return None


def buzzer(wires, kind):
    """The buzzer, or None."""
    if kind == "none":
        return None
    return driver("drivers.buzzer.Buzzer")(wires.tone("buzzer") if kind == "passive" else wires.output("buzzer"))


def button(wires, fitted):
    """The button to ground, or None."""
    return driver("drivers.button.Button")(wires.sense("button", "up")) if fitted else None
