"""Runs first after every reset: whatever could put voltage on a cable goes off before anything else."""

try:
    from machine import Pin

    # A soft reset leaves outputs as they were. Contactors (26, 25) open; the pilot (27) low is state F, in
    # which a car opens its own switch. These are the default pins: on a board with others, change them here.
    for _pin in (26, 25, 27):
        Pin(_pin, Pin.OUT, value=0)
except ImportError:
    pass  # a PC has no pins
