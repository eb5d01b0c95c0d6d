"""The modules of tools/chip.py, loaded in an order in which each finds what it imports."""

from support import load

for name in ("processes", "shorten", "archive", "rom_names", "chip_clock", "chip_board", "chip_heaps", "chip_image",
             "chip_powered", "csms_book", "csms_meter", "chip_central"):
    load(name)
central_system, certificates, clock = load("chip_central"), load("chip_certificates"), load("chip_clock")
heaps, powered, image = load("chip_heaps"), load("chip_powered"), load("chip_image")
trial, runs, messages = load("chip_trial"), load("chip_runs"), load("chip_messages")
