"""Makes what the box has on its outside, as the section board of config.json says. Needed at the start only, so no
object that stays is of a class or a function in here."""


def reader(wires, kind):
    """The card reader, or None."""
    if kind == "mfrc522":
        from .card.mfrc522 import Mfrc522

        return Mfrc522(wires.spi(), wires.output("reader_cs"))
    if kind == "pn532-uart":
        from .card.pn532 import Pn532, Uart

        return Pn532(Uart(wires.uart("reader", 115200)))
    if kind == "pn532-i2c":
        from .card.pn532 import I2c, Pn532

        return Pn532(I2c(wires.i2c()))
    if kind != "none":
        from .card.wiegand import Wiegand

        d0, d1 = wires.sense("wiegand_d0", "up"), wires.sense("wiegand_d1", "up")
        return Wiegand(d0, d1, None, kind == "wiegand-reversed")
    return None


def indicator(wires, number, section):
    """The light of connector `number`, or None."""
    suffix = "_%d" % number if number > 1 else ""
    if section["type"] == "pixels":
        strip = wires.pixels("led" + suffix, section["pixels"])
        if strip:
            from .indicator import Pixels

            return Pixels(strip, section["brightness"])
    elif section["type"] == "leds":
        lights = [wires.output(name + suffix) for name in ("led_red", "led_green", "led_blue")]
        if lights[0]:
            from .indicator import Leds

            return Leds(*lights)
    return None


def buzzer(wires, kind):
    """The buzzer, or None."""
    if kind == "none":
        return None
    from .buzzer import Buzzer

    return Buzzer(wires.tone("buzzer") if kind == "passive" else wires.output("buzzer"))


def button(wires, fitted):
    """The button to ground, or None."""
    if not fitted:
        return None
    from .button import Button

    return Button(wires.sense("button", "up"))
