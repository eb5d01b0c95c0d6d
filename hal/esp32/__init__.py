"""The devices of an ESP32: beside boot.py the only room that imports machine and network."""
