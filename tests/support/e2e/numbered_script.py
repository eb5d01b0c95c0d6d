"""Runs the program sys.argv[1] under a MicroPython with words of 32 bits for test_in_place.py, with the names of the
file names.pool numbered before. It brings few names itself, for those keep other numbers."""

import sys

from process_memory import Words

import name_pool

with open("names.pool", "rb") as file:
    name_pool.install(file, Words())
with open(sys.argv.pop(1)) as file:
    exec(file.read())
