"""Runs first after every reset: switches off every output that could put voltage on a cable, before anything else.

It imports nothing of the project and is never updated over the air, so that it works beside any firmware.
"""

try:
    from machine import Pin
except ImportError:
    Pin = None  # a PC has no pins

_DEFAULTS = {b"contactor": 26, b"contactor_l2l3": 25, b"pilot": 27}  # as hal/esp32/pins.py has them
_PILOTS = (b"pilot", b"pilot_2", b"pilot_3", b"pilot_4")


def _outputs():
    """Name -> GPIO of contactors and pilots: the default map of hal/esp32/pins.py with what config.json says."""
    pins = dict(_DEFAULTS)
    try:
        with open("config/config.json", "rb") as file:
            items = file.read(16384).split(b'"')
        # Word by word: a JSON parser would find no pin at all in a file with one comma too many.
        for i in range(len(items) - 1):
            if items[i].startswith(b"contactor") or items[i] in _PILOTS:
                value = items[i + 1].replace(b"}", b",").split(b",")[0].strip()
                n = value[1:].strip()
                if value[:1] == b":" and n.isdigit() and _drives(int(n), items):
                    pins[items[i]] = int(n)
    except Exception as exc:  # no file, or a strange one: the default map
        print("boot.py: config/config.json cannot be read:", exc)
    return pins


def _drives(n, items):
    """Whether the GPIO can be an output and is neither the console's nor the memory's."""
    if n in (16, 17):
        return b"wrover" not in items
    return n < 34 and n not in (1, 3, 6, 7, 8, 9, 10, 11, 20, 24, 28, 29, 30, 31)


def _off(pins):
    # A soft reset leaves outputs as they were. Contactors open first (the names sort so); the pilot low is
    # state F, in which a car opens its own switch.
    for name in sorted(pins):
        try:
            Pin(pins[name], Pin.OUT, value=0)
        except (ValueError, OSError) as exc:  # the next one must still open
            print("boot.py: GPIO", pins[name], "cannot be switched off:", exc)


if Pin:
    try:
        _off(_outputs())
    except BaseException:  # Ctrl-C meanwhile: even then, at least as a board is wired by default
        _off(_DEFAULTS)
        raise
    del _DEFAULTS, _PILOTS, _outputs, _drives, _off  # main.py has the same names, for ever
